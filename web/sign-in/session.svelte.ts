import * as v from 'valibot';
import { askDesk, type DeskAnswer } from './ask-desk.ts';
import { Countdown } from './countdown.svelte.ts';
import { offersPasskeysInField, putPasskeyAside, usePasskey } from './passkey.ts';
import type { Password, SignInView } from './view.ts';

/** Milliseconds: the house keeps a challenge for five minutes. */
const offerLasts = 4 * 60_000;

/** Milliseconds: who is told twice within these is signed out. */
const doubtAgain = 2_000;

export const Member = v.object({
  name: v.string(),
  role: v.picklist(['counsellor', 'lead', 'interpreter']),
  hasPassword: v.boolean(),
  passkeys: v.number()
});
export type Member = v.InferOutput<typeof Member>;

/** Who is signed in at this browser, and the ways in. */
export class Session implements SignInView {
  #member = $state.raw<Member | null>(null);
  #refusal = $state<string | null>(null);
  #isBusy = $state(false);
  #wasSignedOut = $state(false);
  readonly #waits = new Countdown();
  readonly #onArrived: (member: Member) => void;
  #doubtedAt = 0;
  #offering: ReturnType<typeof setTimeout> | undefined;

  constructor(onArrived: (member: Member) => void) {
    this.#onArrived = onArrived;
  }

  /** Null while nobody is signed in. */
  get member(): Member | null {
    return this.#member;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  get wasSignedOut(): boolean {
    return this.#wasSignedOut;
  }
  get secondsToWait(): number {
    return this.#waits.seconds;
  }

  /** A session from before a reload goes on; otherwise passkeys are offered in the name field. */
  async resume(): Promise<void> {
    await this.#look();
    if (!this.#member) void this.offerPasskeys();
  }

  withPassword({ name, password, code }: Password): void {
    const totp = code.trim();
    void this.#enter(() =>
      askDesk('sign-in', totp ? { name, password, totp } : { name, password })
    );
  }

  withPasskey(): void {
    void this.#enter(() => signInByPasskey());
  }

  /** The browser offers its passkeys where the name is typed, for as long as the page stands. */
  async offerPasskeys(): Promise<void> {
    clearTimeout(this.#offering);
    if (!(await offersPasskeysInField()) || this.#member || this.#isBusy) return;
    this.#offering = setTimeout(() => void this.offerPasskeys(), offerLasts);
    const answer = await signInByPasskey(true);
    if (answer.ok) await this.#enter(() => Promise.resolve(answer));
    else if (answer.refusal === 'unknown-passkey') this.#refusal = answer.refusal;
  }

  /** A line was told that nobody is signed in here. A session that was only renewed goes on. */
  async signedOut(): Promise<void> {
    const isNews = Date.now() - this.#doubtedAt > doubtAgain;
    this.#doubtedAt = Date.now();
    if (isNews && (await this.#look())) return;
    this.#member = null;
    this.#wasSignedOut = true;
    void this.offerPasskeys();
  }

  async signOut(): Promise<void> {
    await askDesk('sign-out');
    this.left();
  }

  /** Whoever sat here has signed out. */
  left(): void {
    this.#member = null;
    this.#wasSignedOut = false;
    this.#refusal = null;
    void this.offerPasskeys();
  }

  async #enter(ask: () => Promise<DeskAnswer>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#refusal = null;
    const answer = await ask();
    if (answer.ok) {
      putPasskeyAside();
      this.#wasSignedOut = false;
      // A browser that keeps no cookie would look as if nothing had happened.
      if (!(await this.#look())) this.#refusal = 'not-signed-in';
    } else if (answer.refusal !== 'passkey-put-aside') {
      this.#refusal = answer.refusal;
      this.#waits.start(answer.seconds);
    }
    this.#isBusy = false;
    if (!this.#member) void this.offerPasskeys();
  }

  async #look(): Promise<boolean> {
    const answer = await fetch('/desk/session').catch(() => null);
    const content: unknown = answer?.status === 200 ? await answer.json().catch(() => null) : null;
    const member = v.safeParse(Member, content);
    this.#member = member.success ? member.output : null;
    if (member.success) this.#onArrived(member.output);
    return member.success;
  }
}

/** Asks the house for a challenge and the browser for a passkey that answers it. */
export async function passkeyAnswer(inField = false): Promise<DeskAnswer> {
  const options = await askDesk('passkey/options');
  if (!options.ok) return options;
  const used = await usePasskey(options.value, inField);
  return used.ok
    ? { ok: true, value: used.response }
    : { ok: false, refusal: used.refusal, seconds: 0 };
}

async function signInByPasskey(inField = false): Promise<DeskAnswer> {
  const used = await passkeyAnswer(inField);
  return used.ok ? askDesk('passkey/sign-in', { response: used.value }) : used;
}
