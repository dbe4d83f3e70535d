import { answerMessage, readMessage, waitingMessages } from '#shared/booking/message-calls.ts';
import { messageKeptDays } from '#shared/booking/rules.ts';
import { LONGEST_NOTE } from '#shared/crypto/sealed-note.ts';
import { readLetter, type Letter } from '#shared/message/letter.ts';
import { loadNoteIdentity } from '../booking/desk/note-identity.ts';
import { inWorker } from '../booking/notes.ts';
import type { Line } from '../wire/line.ts';

/** What others left or answered is seen after this long at most (ms). */
const lookEvery = 60_000;
/** So many are opened; the rest come when these are answered. */
const mostOpen = 50;

/** A message as this device can show it. */
export interface WaitingMessage {
  readonly message: string;
  /** Days since it was left. */
  readonly age: number;
  /** Days until it is gone. */
  readonly days: number;
  /** Null while it is opened, and where `refusal` says why it cannot be. */
  readonly letter: Letter | null;
  readonly refusal: string | null;
}

interface Opened {
  readonly letter: Letter;
  readonly recipient: string;
  readonly id: string;
}

/** What was written to the team and waits for an answer. Words and drafts are in memory and nowhere else. */
export class Inbox {
  #waiting = $state.raw<readonly { readonly message: string; readonly days: number }[]>([]);
  #opened = $state.raw<Readonly<Record<string, Opened | string>>>({});
  #drafts = $state.raw<Readonly<Record<string, string>>>({});
  #current = $state<string | null>(null);
  #reach = $state<'looking' | 'there' | 'offline'>('looking');
  #isSending = $state(false);
  #refusal = $state<string | null>(null);
  #isLooking = false;
  readonly #line: Line;
  readonly #looking = setInterval(() => void this.look(), lookEvery);

  constructor(line: Line) {
    this.#line = line;
    line.onState((isUp) => isUp && void this.look());
    void this.look();
  }

  /** The oldest first. */
  get messages(): readonly WaitingMessage[] {
    return this.#waiting.map(({ message, days }) => {
      const opened = this.#opened[message];
      const isOpen = typeof opened === 'object';
      return {
        ...{ message, days, age: messageKeptDays - days },
        letter: isOpen ? opened.letter : null,
        refusal: typeof opened === 'string' ? opened : null
      };
    });
  }
  get reach(): 'looking' | 'there' | 'offline' {
    return this.#reach;
  }
  /** The one that is in front. It stays there when somebody else has answered it. */
  get current(): (Opened & { readonly message: string }) | null {
    const opened = this.#current === null ? null : this.#opened[this.#current];
    if (typeof opened !== 'object' || this.#current === null) return null;
    return opened && { ...opened, message: this.#current };
  }
  get isSending(): boolean {
    return this.#isSending;
  }
  /** Why the answer does not stand, by its name. */
  get refusal(): string | null {
    return this.#refusal;
  }
  get draft(): string {
    return this.#drafts[this.#current ?? ''] ?? '';
  }
  set draft(text: string) {
    if (this.#current !== null) this.#drafts = { ...this.#drafts, [this.#current]: text };
  }
  hasDraft(message: string): boolean {
    return (this.#drafts[message] ?? '').trim() !== '';
  }
  /** In bytes, as it is sealed. */
  get left(): number {
    return LONGEST_NOTE - new TextEncoder().encode(this.draft.trim()).length;
  }
  /** Whether words are gone for good when the page closes now. */
  get wouldLose(): boolean {
    return Object.values(this.#drafts).some((draft) => draft.trim() !== '');
  }

  show(message: string): void {
    this.#current = message;
    this.#refusal = null;
  }

  /** Puts it aside; what was written stays until the page is closed. */
  hide(): void {
    this.#current = null;
    this.#refusal = null;
  }

  /** Throws away what was written to somebody who has an answer already. */
  drop(): void {
    if (this.#current === null) return;
    this.#forget(this.#current);
    this.hide();
  }

  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const answer = await this.#line.ask(waitingMessages, {});
      this.#reach = answer.ok ? 'there' : 'offline';
      if (!answer.ok) return;
      this.#waiting = answer.value.messages.toSorted((one, other) => one.days - other.days);
      for (const { message } of this.#waiting.slice(0, mostOpen)) await this.#open(message);
    } finally {
      this.#isLooking = false;
    }
  }

  /** @returns whether it went out */
  async answer(): Promise<boolean> {
    const { current } = this;
    const text = this.draft.trim();
    if (!current || this.#isSending || text === '' || this.left < 0) return false;
    this.#isSending = true;
    this.#refusal = null;
    try {
      const { recipient, id, message } = current;
      const sealed = await inWorker({ ask: 'answer', text, recipient, id });
      if (sealed.kind !== 'sealed') this.#refusal = 'not-sealed';
      else {
        const answer = await this.#line.ask(answerMessage, { message, sealed: sealed.sealed });
        this.#refusal = answer.ok ? null : answer.refusal;
        if (answer.ok) this.drop();
      }
      if (this.#refusal !== 'line-down') void this.look();
      return this.#refusal === null;
    } finally {
      this.#isSending = false;
    }
  }

  /** Whoever sat here has gone: no word stays. */
  close(): void {
    clearInterval(this.#looking);
    this.#current = null;
    this.#waiting = [];
    this.#opened = {};
    this.#drafts = {};
  }

  async #open(message: string): Promise<void> {
    const before = this.#opened[message];
    if (typeof before === 'object' || before === 'not-for-this-key') return;
    const opened = await this.#read(message).catch(() => 'malformed');
    this.#opened = { ...this.#opened, [message]: opened };
  }

  async #read(message: string): Promise<Opened | string> {
    const identity = await loadNoteIdentity();
    if (typeof identity === 'string') return identity;
    const read = await this.#line.ask(readMessage, { message });
    if (!read.ok) return read.refusal;
    const { sealed, recipient, id } = read.value;
    const opened = await inWorker({
      ask: 'open-at-desk',
      sealed,
      identity,
      purpose: 'message',
      id
    });
    if (opened.kind !== 'opened')
      return (opened.kind === 'refused' && opened.refusal) || 'malformed';
    const letter = readLetter(opened.text, recipient);
    // Whoever gave another key for the answer would read it.
    return letter ? { letter, recipient, id } : 'swapped';
  }

  #forget(message: string): void {
    const without = <T>(all: Readonly<Record<string, T>>) =>
      Object.fromEntries(Object.entries(all).filter(([one]) => one !== message));
    this.#drafts = without(this.#drafts);
    this.#opened = without(this.#opened);
    this.#waiting = this.#waiting.filter((one) => one.message !== message);
  }
}
