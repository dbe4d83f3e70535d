import type { HistoryItem } from '#shared/conversation/payload.ts';
import type { MessageState, MessageView } from './view.ts';

export type Side = HistoryItem['from'];

/** Who said something: their part in the conversation, and once there are more than two, which of them. */
export interface Author {
  readonly side: Side;
  readonly by: string | null;
  readonly name: string | null;
}

interface Entry extends MessageView, Author {
  /** The roster it was said under; who joined later does not hear it. */
  epoch: number;
  /** The number an own message travels under, for each pair it was sealed for, and how far it has come. */
  readonly ways: Record<string, { readonly n: number; at: number }>;
  state: MessageState;
}

/** After this many milliseconds without a word from the server a message counts as failed. */
const patience = 20_000;
const steps: readonly MessageState[] = ['sending', 'sent', 'delivered'];

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

  /** Own messages that have not been sealed for anybody yet. */
  get hasUnsealed(): boolean {
    return this.#entries.some(
      ({ from, ways, isTold }) => from === 'me' && !isTold && Object.keys(ways).length === 0
    );
  }

  /** Own messages that one pair has not been given, and that are meant for who joined with that roster. */
  unsealedFor(pair: string, joined: number): { id: string; text: string; epoch: number }[] {
    return this.#entries.filter(
      ({ from, ways, isTold, epoch }) =>
        from === 'me' && !isTold && epoch >= joined && !(pair in ways)
    );
  }

  /** Both sides have written. */
  get hasBoth(): boolean {
    return ['me', 'other'].every((side) => this.#entries.some(({ from }) => from === side));
  }

  addOwn(text: string, author: Author, epoch: number): void {
    const id = crypto.randomUUID().slice(0, 18);
    const rest = { ways: {}, isTold: false, state: 'sending' as const };
    this.#entries.push({ id, from: 'me', text, epoch, ...author, ...rest });
    this.#watch(id);
  }

  /** Who came later has written before the roster was known: it is for those who are in it. */
  catchUp(epoch: number, cameLater: boolean): void {
    if (!cameLater) return;
    for (const entry of this.#entries)
      if (entry.from === 'me' && !entry.isTold && entry.epoch === 0) entry.epoch = epoch;
  }

  /** @returns false when it was there already. */
  addOther(id: string, text: string, author: Author, epoch: number): boolean {
    if (this.#find(id)) return false;
    const from = seenFrom(this.#own, author.side);
    const rest = { ways: {}, isTold: false, state: 'delivered' as const };
    this.#entries.push({ id, from, text, epoch, ...author, ...rest });
    return true;
  }

  sealed(id: string, pair: string, n: number): void {
    const entry = this.#find(id);
    if (entry) entry.ways[pair] = { n, at: 0 };
  }

  retry(id: string): void {
    const entry = this.#find(id);
    if (entry?.state !== 'failed') return;
    entry.state = 'sending';
    this.#watch(id);
  }

  progressed(pair: string, stored: number, delivered: number): void {
    for (const entry of this.#entries) {
      const way = entry.ways[pair];
      if (!way || way.at === 2) continue;
      way.at = way.n <= delivered ? 2 : way.n <= stored ? 1 : 0;
      settle(entry);
    }
  }

  /** Nobody is waited for any more at the end of this pair. */
  dropped(pair: string): void {
    for (const entry of this.#entries) {
      if (!(pair in entry.ways) || Object.keys(entry.ways).length === 1) continue;
      delete entry.ways[pair];
      settle(entry);
    }
  }

  /**
   * All that was said since a roster, for another whose page was reloaded. What is still under way is
   * among it: it may be sealed with keys that the reloaded page no longer has. Heard twice, it is one.
   */
  history(joined: number): HistoryItem[] {
    return this.#entries
      .filter(({ epoch }) => epoch >= joined)
      .map(({ id, side, text, by, name, epoch }) => ({ id, from: side, text, by, name, epoch }));
  }

  /** @param me which of the members this page's reader is */
  merge(items: readonly HistoryItem[], me: string | null): void {
    for (const { id, from: side, text, by, name, epoch } of items) {
      const known = this.#entries.findIndex((entry) => entry.id === id);
      const isMine = by === null || me === null ? side === this.#own : by === me;
      const from = isMine ? 'me' : seenFrom(this.#own, side);
      const rest = { ways: {}, isTold: true, state: 'delivered' as const };
      if (known >= 0) this.#entries.splice(known, 1);
      if (known >= 0 && known < this.#told) this.#told -= 1;
      this.#entries.splice(this.#told, 0, { id, from, side, text, by, name, epoch, ...rest });
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

/** How far a message has come with all it was sealed for; it does not go back. */
function settle(entry: Entry): void {
  const least = Math.min(...Object.values(entry.ways).map(({ at }) => at));
  const state = steps[least];
  if (state && least > Math.max(0, steps.indexOf(entry.state))) entry.state = state;
}

/** The counsellor is the other to everybody, the visitor to the counsellor; everybody else is a third. */
export const seenFrom = (own: Side, side: Side): 'other' | 'third' =>
  side === (own === 'counsellor' ? 'visitor' : 'counsellor') ? 'other' : 'third';
