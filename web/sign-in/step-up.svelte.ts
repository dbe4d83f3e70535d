import { askDesk, type DeskAnswer } from './ask-desk.ts';
import { Countdown } from './countdown.svelte.ts';
import { passkeyAnswer } from './session.svelte.ts';

/** "Is it still you?": asked before what would hurt if somebody else sat here. */
export class StepUp {
  #isAsked = $state(false);
  #isBusy = $state(false);
  #refusal = $state<string | null>(null);
  readonly #waits = new Countdown();
  #decide: ((isProven: boolean) => void) | null = null;

  get isAsked(): boolean {
    return this.#isAsked;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get secondsToWait(): number {
    return this.#waits.seconds;
  }

  /** Resolves once somebody has shown that it is them, or does not want to. */
  need(): Promise<boolean> {
    this.#decide?.(false);
    this.#refusal = null;
    this.#isAsked = true;
    return new Promise((decide) => (this.#decide = decide));
  }

  giveUp(): void {
    this.#settle(false);
  }

  async withPasskey(): Promise<void> {
    await this.#prove(async () => {
      const used = await passkeyAnswer();
      return used.ok ? askDesk('step-up', { passkey: used.value }) : used;
    });
  }

  async withPassword(password: string, code: string): Promise<void> {
    const totp = code.trim();
    await this.#prove(() => askDesk('step-up', totp ? { password, totp } : { password }));
  }

  async #prove(ask: () => Promise<DeskAnswer>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#refusal = null;
    const answer = await ask();
    this.#isBusy = false;
    if (answer.ok) this.#settle(true);
    else if (answer.refusal !== 'passkey-put-aside') {
      this.#refusal = answer.refusal;
      this.#waits.start(answer.seconds);
    }
  }

  #settle(isProven: boolean): void {
    this.#isAsked = false;
    this.#decide?.(isProven);
    this.#decide = null;
  }
}
