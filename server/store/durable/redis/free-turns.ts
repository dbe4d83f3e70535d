import type { Redis } from '../../volatile/redis/connection.ts';
import { freeChanged } from './steps.ts';

/** Counts every change of what is free, whichever node made it. */
export class FreeTurns {
  private readonly subscriber: Redis;
  private turn = 0;

  private constructor(subscriber: Redis) {
    this.subscriber = subscriber;
  }

  /** @param subscriber a connection for this alone */
  static async listen(subscriber: Redis): Promise<FreeTurns> {
    const turns = new FreeTurns(subscriber);
    await subscriber.subscribe(freeChanged, () => turns.next());
    // What was told while nobody listened was not heard.
    subscriber.onReady(() => turns.next());
    return turns;
  }

  /** While others cannot be heard, every answer is another one. */
  get now(): number {
    if (!this.subscriber.isReady) this.turn += 1;
    return this.turn;
  }

  next(): void {
    this.turn += 1;
  }
}
