/**
 * A password hash takes 64 MiB and a core for a tenth of a second, so only a few run at a time and
 * only so many wait. Who comes after that is told that the server is busy.
 */
export class HashingTurns {
  private readonly atATime: number;
  private readonly places: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(atATime = 2, places = 20) {
    this.atATime = atATime;
    this.places = places;
  }

  /** Runs `work` when its turn comes, or answers 'busy' at once. */
  async take<T>(work: () => Promise<T>): Promise<T | 'busy'> {
    if (this.running < this.atATime) this.running += 1;
    else if (this.waiting.length < this.places) {
      // Who leaves hands the turn over without giving it back, so nobody can slip in between.
      await new Promise<void>((turn) => this.waiting.push(turn));
    } else return 'busy';

    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
