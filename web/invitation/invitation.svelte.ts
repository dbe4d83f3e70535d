import * as v from 'valibot';
import { askDesk, type DeskAnswer } from '../sign-in/ask-desk.ts';
import { makePasskey } from '../sign-in/passkey.ts';
import { Member } from '../sign-in/session.svelte.ts';
import { Device } from './device.svelte.ts';
import { leastPassword, type InvitationStep, type InvitationView, type Invited } from './view.ts';

const Invitation = v.object({
  shownName: v.string(),
  role: v.picklist(['counsellor', 'lead', 'interpreter']),
  organisation: v.string()
});
const App = v.object({ secret: v.string(), uri: v.string() });
const Accepted = v.object({ recoveryCodes: v.array(v.string()) });

/** The step that a refused acceptance is put right in; every other refusal leaves things where they are. */
const stepOf: Record<string, InvitationStep> = {
  'unknown-invitation': 'unusable',
  'expired-invitation': 'unusable',
  'used-invitation': 'unusable',
  'name-taken': 'way',
  'password-too-short': 'password',
  'password-too-common': 'password'
};

/** From an invitation's link to a member of staff whose device is certified. */
export class InvitationState implements InvitationView {
  name = $state('');
  password = $state('');
  code = $state('');
  #step = $state<InvitationStep>('looking');
  #invited = $state.raw<Invited | null>(null);
  #refusal = $state<string | null>(null);
  #isBusy = $state(false);
  #app = $state.raw<{ secret: string; uri: string } | null>(null);
  #recoveryCodes = $state.raw<readonly string[]>([]);
  readonly #device = new Device();
  #token = '';

  get step(): InvitationStep {
    return this.#step === 'device' && this.#device.state === 'certified' ? 'ready' : this.#step;
  }
  get invited(): Invited | null {
    return this.#invited;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  get app(): { secret: string; uri: string } | null {
    return this.#app;
  }
  get recoveryCodes(): readonly string[] {
    return this.#recoveryCodes;
  }
  get deviceRefusal(): string | null {
    return this.#device.refusal;
  }
  get deviceCode(): string | null {
    return this.#device.code;
  }

  /** @param token what stood behind `#` in the link; this page keeps it nowhere else */
  async open(token: string): Promise<void> {
    this.#token = token;
    this.#step = 'looking';
    if (!token) return this.#goOn();
    const answer = await this.#ask('look', {});
    const invited = v.safeParse(Invitation, answer);
    if (!invited.success) {
      this.#step = 'unusable';
      this.#refusal ??= 'server-error';
      return;
    }
    this.#invited = invited.output;
    this.name ||= invited.output.shownName.split(' ')[0]?.toLowerCase() ?? '';
    this.#step = 'way';
  }

  takePasskey(): void {
    void this.#takePasskey();
  }

  choosePassword(): void {
    this.#refusal = null;
    this.#step = 'password';
  }

  setPassword(): void {
    void this.#setPassword();
  }

  confirmCode(): void {
    const totpCode = this.code.replaceAll(/\s/g, '');
    void this.#accept({ password: this.password, totpCode });
  }

  back(): void {
    this.#refusal = null;
    this.#step = this.#step === 'app' ? 'password' : 'way';
  }

  codesAreKept(): void {
    this.#recoveryCodes = [];
    if (this.#invited?.role === 'lead') this.#step = 'ready';
    else this.#waitForCertificate();
  }

  askAgain(): void {
    void this.#device.ask();
  }

  close(): void {
    this.#device.close();
  }

  /** The page was loaded again: whoever has accepted goes on with their device. */
  async #goOn(): Promise<void> {
    const answer = await fetch('/desk/session').catch(() => null);
    const member = v.safeParse(Member, answer?.status === 200 ? await answer.json() : null);
    if (member.success && member.output.role !== 'lead') return this.#waitForCertificate();
    this.#step = 'unusable';
    this.#refusal = 'no-token';
  }

  #waitForCertificate(): void {
    this.#step = 'device';
    this.#device.open();
  }

  async #takePasskey(): Promise<void> {
    const options = await this.#ask('passkey-options', { name: this.name });
    if (!options) return;
    this.#isBusy = true;
    const made = await makePasskey(options);
    this.#isBusy = false;
    if (made.ok) await this.#accept({ passkey: made.response });
    else if (made.refusal !== 'passkey-put-aside') this.#refusal = made.refusal;
  }

  async #setPassword(): Promise<void> {
    if (this.password.normalize('NFC').length < leastPassword) {
      this.#refusal = 'password-too-short';
      return;
    }
    const app = v.safeParse(App, await this.#ask('totp', {}));
    if (!app.success) return;
    this.#app = app.output;
    this.#step = 'app';
  }

  async #accept(how: object): Promise<void> {
    const accepted = v.safeParse(Accepted, await this.#ask('accept', { name: this.name, ...how }));
    if (!accepted.success) return;
    this.#token = '';
    this.password = '';
    this.code = '';
    this.#app = null;
    this.#recoveryCodes = accepted.output.recoveryCodes;
    this.#step = 'recovery';
  }

  /** What the house answered; null when it refused, and then the page stands where that is put right. */
  async #ask(what: string, question: object): Promise<unknown> {
    if (this.#isBusy) return null;
    this.#isBusy = true;
    this.#refusal = null;
    const answer: DeskAnswer = await askDesk(`invitation/${what}`, {
      token: this.#token,
      ...question
    });
    this.#isBusy = false;
    if (answer.ok) return answer.value;
    this.#refusal = answer.refusal;
    this.#step = stepOf[answer.refusal] ?? this.#step;
    return null;
  }
}
