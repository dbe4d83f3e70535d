import type { Clock } from '#server/clock.ts';
import { EmbeddedAllowance, EmbeddedStarts } from './embedded-allowance.ts';
import { hiddenNames } from './hidden-names.ts';
import type { HouseStore, Neighbours, Once, Unsettled } from './house.ts';

const sweepEvery = 60_000;

/** Claims of one process, under hidden names. */
export class EmbeddedOnce implements Once {
  private readonly nameOf = hiddenNames();
  private readonly until = new Map<string, number>();
  private readonly clock: Clock;
  private sweepAt = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async claim(what: string, lasts: number): Promise<boolean> {
    const now = this.clock.now();
    if (now >= this.sweepAt) this.sweep(now);
    const name = this.nameOf(what);
    if ((this.until.get(name) ?? 0) > now) return false;
    this.until.set(name, now + lasts);
    return true;
  }

  async release(what: string): Promise<void> {
    this.until.delete(this.nameOf(what));
  }

  private sweep(now: number): void {
    for (const [name, until] of this.until) if (until <= now) this.until.delete(name);
    this.sweepAt = now + sweepEvery;
  }
}

/** There are no other nodes. */
export const alone: Neighbours = {
  isAlone: true,
  board: () => ({ say: () => {}, others: () => [] }),
  post: () => ({ tell: () => {} })
};

/** What this process forgets when it ends, nobody could settle: its own relay looks after the rest. */
const settledHere = (): Unsettled => ({
  add: () => {},
  hold: () => () => {},
  settled: async () => {},
  over: () => {},
  onDue: async () => 0
});

/** The house of one node. */
export const embeddedHouse = (clock: Clock): HouseStore => ({
  once: new EmbeddedOnce(clock),
  attempts: null,
  allowance: (_, rule) => new EmbeddedAllowance(clock, rule),
  starts: new EmbeddedStarts(clock),
  neighbours: alone,
  unsettled: settledHere(),
  stop: async () => {}
});
