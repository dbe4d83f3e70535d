import { forgetMessage, lookForAnswer } from '#shared/booking/message-calls.ts';
import { readMessageCode } from '#shared/message/written-code.ts';
import type { Line } from '../wire/line.ts';
import { forgetCode, loadCode } from './kept-code.ts';
import { lookWith, openAnswer } from './sealed-letter.ts';

/** What the team has answered, for whoever has the code. */
export class Answer {
  #state = $state<'code' | 'waiting' | 'answered' | 'deleted'>('code');
  #isBusy = $state(false);
  #refusal = $state<string | null>(null);
  #text = $state<string | null>(null);
  #until = $state(0);
  #isKept = $state(false);
  #secret: Uint8Array | null = null;
  #line: Line | null = null;

  /** Begins in a browser; a code that was kept here is used at once. */
  open(line: Line): void {
    this.#line = line;
    const kept = loadCode(Date.now());
    this.#isKept = kept !== null;
    const read = kept && readMessageCode(kept.code);
    if (read?.ok) this.#secret = read.secret;
    line.onState((isUp) => {
      if (isUp && this.#isKept && this.#state === 'code') void this.look();
    });
  }

  get state(): 'code' | 'waiting' | 'answered' | 'deleted' {
    return this.#state;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  /** The answer itself. */
  get text(): string | null {
    return this.#text;
  }
  /** When it is gone, in milliseconds since 1970. */
  get until(): number {
    return this.#until;
  }
  /** Whether the code was found on this device. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** @param code typed, or from a picture */
  async use(code: string): Promise<void> {
    const read = readMessageCode(code);
    if (!read.ok) {
      this.#refusal = read.refusal;
      return;
    }
    this.#secret = read.secret;
    await this.look();
  }

  refuse(refusal: string): void {
    this.#refusal = refusal;
  }

  async look(): Promise<void> {
    await this.#do(async (line, secret) => {
      const found = await line.ask(lookForAnswer, { code: lookWith(secret) });
      if (!found.ok) {
        if (found.refusal === 'unknown-code') this.#drop();
        return found.refusal;
      }
      const { answer, until } = found.value;
      this.#until = until;
      this.#text = answer === null ? null : await openAnswer(answer, secret);
      if (answer !== null && this.#text === null) return 'not-for-this-code';
      this.#state = answer === null ? 'waiting' : 'answered';
      return null;
    });
  }

  /** It has been read, or is no longer wanted: it is gone here and there, at once. */
  async forget(): Promise<void> {
    await this.#do(async (line, secret) => {
      const gone = await line.ask(forgetMessage, { code: lookWith(secret) });
      // Gone already is gone.
      if (!gone.ok && gone.refusal !== 'unknown-code') return gone.refusal;
      this.#drop();
      this.#state = 'deleted';
      return null;
    });
  }

  /** Leaves nothing behind. */
  leave(): void {
    this.#text = null;
    this.#secret = null;
    this.#state = 'code';
  }

  #drop(): void {
    if (this.#isKept) forgetCode();
    this.#isKept = false;
    this.leave();
  }

  async #do(act: (line: Line, secret: Uint8Array) => Promise<string | null>): Promise<void> {
    if (this.#isBusy || !this.#line || !this.#secret) return;
    this.#isBusy = true;
    this.#refusal = null;
    try {
      this.#refusal = await act(this.#line, this.#secret);
    } catch {
      this.#refusal = 'broken';
    } finally {
      this.#isBusy = false;
    }
  }
}
