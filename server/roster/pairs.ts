import type { ConversationId } from '#shared/wire/ids.ts';

/** Which rooms belong to which conversation, as far as this node knows; a pair that attaches tells it again. */
export class Pairs {
  private readonly baseByPair = new Map<ConversationId, ConversationId>();
  private readonly pairsByBase = new Map<ConversationId, Set<ConversationId>>();
  private readonly close: (pair: ConversationId) => Promise<void>;

  /** @param close erases a room */
  constructor(close: (pair: ConversationId) => Promise<void>) {
    this.close = close;
  }

  know(base: ConversationId, pair: ConversationId): void {
    this.baseByPair.set(pair, base);
    const pairs = this.pairsByBase.get(base) ?? new Set();
    this.pairsByBase.set(base, pairs.add(pair));
  }

  /** How many rooms of a conversation are open. */
  countOf(base: ConversationId): number {
    return this.pairsByBase.get(base)?.size ?? 0;
  }

  isPair(conversation: ConversationId): boolean {
    return this.baseByPair.has(conversation);
  }

  baseOf(conversation: ConversationId): ConversationId {
    return this.baseByPair.get(conversation) ?? conversation;
  }

  /** A room is closed: a pair's is forgotten, a conversation's takes those of its pairs with it. */
  async over(conversation: ConversationId): Promise<void> {
    const base = this.baseByPair.get(conversation);
    this.baseByPair.delete(conversation);
    const siblings = base === undefined ? undefined : this.pairsByBase.get(base);
    if (base !== undefined && siblings?.delete(conversation) && siblings.size === 0)
      this.pairsByBase.delete(base);
    const pairs = [...(this.pairsByBase.get(conversation) ?? [])];
    this.pairsByBase.delete(conversation);
    await Promise.all(pairs.map((pair) => this.close(pair)));
  }
}
