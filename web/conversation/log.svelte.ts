import type { HistoryItem } from '#shared/conversation/payload.ts';
import type { MessageState, MessageView } from './view.ts';

type Side = HistoryItem['from'];

interface Entry extends MessageView {
  readonly side: Side;
  /** The number an own message travels under; null until it is sealed. */
  n: number | null;
  state: MessageState;
}

/** After this many milliseconds without a word from the server a message counts as failed. */
const patience = 20_000;

/** What has been said, in order. It lives in this page's memory and nowhere else. */
export class Log {
  #entries = $state<Entry[]>([]);
  readonly #own: Side;
  /** Entries told by the other side's history; they come before what was said since. */
  #told = 0;

  constructor(own: Side) {
    this.#own = own;
  }

  get entries(): readonly MessageView[] {
    return this.#entries;
  }

  /** Own messages that have not been sealed yet. */
  get unsealed(): { id: string; text: string }[] {
    return this.#entries.filter(
      ({ from, n, state }) => from === 'me' && n === null && state !== 'delivered'
    );
  }

  /** Both sides have written. */
  get hasBoth(): boolean {
    return ['me', 'other'].every((side) => this.#entries.some(({ from }) => from === side));
  }

  addOwn(text: string): string {
    const id = crypto.randomUUID().slice(0, 18);
    this.#entries.push({ id, from: 'me', side: this.#own, text, n: null, state: 'sending' });
    this.#watch(id);
    return id;
  }

  /** @returns false when it was there already. */
  addOther(id: string, text: string): boolean {
    if (this.#find(id)) return false;
    const side = this.#own === 'visitor' ? 'counsellor' : 'visitor';
    this.#entries.push({ id, from: 'other', side, text, n: null, state: 'delivered' });
    return true;
  }

  sealed(id: string, n: number): void {
    const entry = this.#find(id);
    if (entry) entry.n = n;
  }

  retry(id: string): void {
    const entry = this.#find(id);
    if (entry?.state !== 'failed') return;
    entry.state = 'sending';
    this.#watch(id);
  }

  progressed(stored: number, delivered: number): void {
    for (const entry of this.#entries) {
      if (entry.from !== 'me' || entry.n === null || entry.state === 'delivered') continue;
      if (entry.n <= delivered) entry.state = 'delivered';
      else if (entry.n <= stored) entry.state = 'sent';
    }
  }

  /** All that this side knows was said, for the other whose page was reloaded. */
  history(): HistoryItem[] {
    return this.#entries
      .filter(({ from, state }) => from === 'other' || state === 'delivered' || state === 'sent')
      .map(({ id, side, text }) => ({ id, from: side, text }));
  }

  merge(items: readonly HistoryItem[]): void {
    for (const { id, from: side, text } of items) {
      const known = this.#entries.findIndex((entry) => entry.id === id);
      const from = side === this.#own ? 'me' : 'other';
      const entry = { id, from, side, text, n: null, state: 'delivered' } as const;
      if (known >= 0) this.#entries.splice(known, 1);
      if (known >= 0 && known < this.#told) this.#told -= 1;
      this.#entries.splice(this.#told, 0, entry);
      this.#told += 1;
    }
  }

  clear(): void {
    this.#entries = [];
    this.#told = 0;
  }

  /** Whoever may not go on does not go on reading either. */
  clearFor(side: Side): void {
    if (this.#own === side) this.clear();
  }

  #find(id: string): Entry | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  #watch(id: string): void {
    setTimeout(() => {
      const entry = this.#find(id);
      if (entry?.state === 'sending') entry.state = 'failed';
    }, patience);
  }
}
