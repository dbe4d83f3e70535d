import type { Clock } from '#server/clock.ts';

/** So many at once after a quiet time, and then so many an hour: of the whole house, because nobody has a name. */
const burst = 60;
const perHour = 120;

/** Counts what costs no clip, so that no script can fill the plan faster than people see it. In memory only. */
export class HouseLimit {
  private readonly clock: Clock;
  private left = burst;
  private filledAt: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.filledAt = clock.now();
  }

  may(many: number): boolean {
    const now = this.clock.now();
    const filled = this.left + (Math.max(0, now - this.filledAt) / 3_600_000) * perHour;
    this.left = Math.min(burst, filled);
    this.filledAt = now;
    if (this.left < many) return false;
    this.left -= many;
    return true;
  }
}
