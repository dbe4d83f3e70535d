import type { Clock } from '#server/clock.ts';
import type { HouseLink } from './house-link.ts';
import { redisNow, Script } from '../../redis/script.ts';

const time = new Script(`
${redisNow}
return now`);

/**
 * The one clock of several nodes: that of their Redis, carried on between two answers by a counter that
 * nobody can put right or wrong. Whose own clock is an hour off ends no session and sells no time twice.
 */
export class HouseClock implements Clock {
  /** Milliseconds from the beginning of `performance.now()` to 1970, as Redis says. */
  private zero: number;

  private constructor(zero: number) {
    this.zero = zero;
  }

  /** @throws StoreAway when Redis does not say what time it is */
  static async open(link: HouseLink): Promise<HouseClock> {
    const asked = performance.now();
    const said = (await link.run(time, ['leases'], [])) as number;
    const clock = new HouseClock(NaN);
    clock.told(said, asked, performance.now());
    return clock;
  }

  now(): number {
    return Math.floor(performance.now() + this.zero);
  }

  /**
   * Redis has said what time it is, between two moments of `performance.now()`. What agrees with it
   * stays as it is: an answer that was long on its way makes nothing less exact.
   */
  told(said: number, asked: number, answered: number): void {
    const [earliest, latest] = [said - answered, said + 1 - asked];
    if (this.zero >= earliest && this.zero <= latest) return;
    this.zero = (earliest + latest) / 2;
  }
}
