import type { Payload } from '#shared/conversation/payload.ts';
import type { Line } from '../wire/line.ts';
import type { Kept } from './kept.ts';
import { seenFrom, type Log, type Side } from './log.svelte.ts';
import { Pair, type PairHost } from './pair.svelte.ts';
import type { ConversationParts } from './parts.ts';

const typingEvery = 2_500;

interface PairsParts extends Pick<ConversationParts, 'openKeys' | 'newLine'> {
  readonly own: Side;
  readonly log: Log;
  readonly host: PairHost;
  /** Whether what is written may go out yet. */
  readonly isOpen: () => boolean;
}

/** Everybody whom this page talks with, each over a pair of their own. */
export class Pairs {
  #all = $state.raw<readonly Pair[]>([]);
  readonly #parts: PairsParts;
  #typedAt = 0;

  constructor(parts: PairsParts) {
    this.#parts = parts;
  }

  get all(): readonly Pair[] {
    return this.#all;
  }
  /** The counsellor; for the counsellor the visitor. */
  get others(): readonly Pair[] {
    return this.#all.filter((pair) => this.isOther(pair));
  }
  get main(): Pair | null {
    return this.others[0] ?? null;
  }
  get isConnected(): boolean {
    return this.#all.some((pair) => pair.isConnected);
  }
  get isTyping(): boolean {
    return this.#all.some((pair) => pair.isTyping);
  }

  isOther(pair: Pair): boolean {
    return seenFrom(this.#parts.own, pair.side) === 'other';
  }

  of(member: string): Pair | null {
    return this.#all.find((pair) => pair.member === member) ?? null;
  }

  /** @param more its line, what both know beforehand, and since which roster the other takes part */
  open(
    kept: Kept,
    side: Side,
    more: { line?: Line; invitation?: Uint8Array | undefined; joined?: number } = {}
  ): Pair {
    const { openKeys, newLine, host } = this.#parts;
    const pair = new Pair({
      kept,
      side,
      line: more.line ?? newLine(),
      openKeys: (mine) => openKeys(mine, more.invitation),
      host
    });
    pair.joined = more.joined ?? 0;
    this.#all = [...this.#all, pair];
    pair.sealed.open();
    return pair;
  }

  /** Nothing more is said in a pair; what waited for it is waited for no longer. */
  remove(pair: Pair): void {
    this.#all = this.#all.filter((one) => one !== pair);
    this.#parts.log.dropped(pair.id);
  }

  /** Says something that is not kept when it cannot be said now. */
  tell(listeners: readonly Pair[], payload: Payload): void {
    for (const pair of listeners) void pair.send(payload);
  }

  typing(): void {
    const now = Date.now();
    const listeners = this.#all.filter((pair) => pair.isSecured && pair.isHere);
    const isWorthIt = this.#parts.isOpen() && this.isConnected && listeners.length > 0;
    if (!isWorthIt || now - this.#typedAt < typingEvery) return;
    this.#typedAt = now;
    this.tell(listeners, { kind: 'typing' });
  }

  /** Everything that was said for these and has not been given to them. */
  seal(pairs: readonly Pair[] = this.#all): void {
    if (!this.#parts.isOpen()) return;
    for (const pair of pairs)
      if (pair.isSecured)
        for (const { id, text, epoch } of this.#parts.log.unsealedFor(pair.id, pair.joined))
          void this.#seal(pair, id, { kind: 'text', id, text, epoch });
  }

  /** Resolves when all have heard it, or have not for too long. */
  async sayGoodbye(): Promise<void> {
    await Promise.all(this.#all.map((pair) => pair.sealed.sayGoodbye()));
  }

  close(): void {
    for (const pair of this.#all) pair.close();
    this.#all = [];
  }

  async #seal(pair: Pair, id: string, payload: Payload): Promise<void> {
    const n = await pair.send(payload);
    if (n !== null) this.#parts.log.sealed(id, pair.id, n);
  }
}
