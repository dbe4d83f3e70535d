import type { Redis } from '../../redis/connection.ts';
import { freeChanged } from './steps.ts';

/** Changes that are remembered one by one; who has slept longer looks at everything. */
const mostKnown = 500;

/** Counts every change of what is free, whichever node made it, and knows which slots the last ones were of. */
export class FreeTurns {
  private readonly subscriber: Redis;
  private turn = 0;
  /** The slots of the change that made each of the last turns; null: any. */
  private readonly changed = new Map<number, readonly number[] | null>();

  private constructor(subscriber: Redis) {
    this.subscriber = subscriber;
  }

  /** @param subscriber a connection for this alone */
  static async listen(subscriber: Redis): Promise<FreeTurns> {
    const turns = new FreeTurns(subscriber);
    await subscriber.subscribe(freeChanged, (told) => turns.next(slotsOf(told.toString())));
    // What was told while nobody listened was not heard.
    subscriber.onReady(() => turns.next(null));
    return turns;
  }

  /** While others cannot be heard, every answer is another one. */
  get now(): number {
    if (!this.subscriber.isReady) this.next(null);
    return this.turn;
  }

  next(slots: readonly number[] | null): void {
    this.turn += 1;
    this.changed.set(this.turn, slots);
    this.changed.delete(this.turn - mostKnown);
  }

  /** The slots of every change since that turn; null: it may be any. */
  since(turn: number): readonly number[] | null {
    const slots = new Set<number>();
    for (let one = turn + 1; one <= this.turn; one += 1) {
      const changed = this.changed.get(one);
      if (!changed) return null;
      for (const slot of changed) slots.add(slot);
    }
    return [...slots];
  }
}

/** Numbers with spaces between; nothing: any slot. */
const slotsOf = (told: string): readonly number[] | null =>
  told === '' ? null : told.split(' ').map(Number);
