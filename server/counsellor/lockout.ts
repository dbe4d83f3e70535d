import type { Clock } from '#server/clock.ts';
import type { Attempts } from '#server/store/volatile/house.ts';

const FREE = 5;
const LONGEST_SECONDS = 900;
const FORGOTTEN_AFTER = 24 * 60 * 60 * 1000;
/** Names nobody has are counted as well, so that being locked out tells nothing; this many of them. */
const MOST_NAMES = 10_000;

interface Count {
  failures: number;
  last: number;
}

/**
 * Wrong passwords per name, never per address, in this process's memory: five are free, then the name
 * waits 1, 2, 4 … 900 seconds, never for ever. Times in milliseconds.
 */
export class Lockout {
  private readonly counts = new Map<string, Count>();

  /** Whole seconds until this name may try again; 0 is now. */
  secondsLeft(name: string, now: number): number {
    const count = this.counts.get(name);
    if (!count || count.failures <= FREE) return 0;
    const wait = Math.min(2 ** (count.failures - FREE - 1), LONGEST_SECONDS) * 1000;
    return Math.max(0, Math.ceil((count.last + wait - now) / 1000));
  }

  /**
   * Counts an attempt before its outcome is known, so that a hundred at once are a hundred. Answers
   * the way to take it back when the attempt was not made after all.
   */
  attempt(name: string, now: number): () => void {
    const before = this.counts.get(name);
    const isOld = before !== undefined && now - before.last > FORGOTTEN_AFTER;
    const count = before && !isOld ? before : { failures: 0, last: now };
    const last = count.last;
    count.failures += 1;
    count.last = now;
    // Put last in the map's order, so that the one untouched for longest is the one let go.
    this.counts.delete(name);
    this.counts.set(name, count);
    const oldest = this.counts.keys().next();
    if (this.counts.size > MOST_NAMES && !oldest.done) this.counts.delete(oldest.value);
    return () => {
      count.failures -= 1;
      count.last = last;
    };
  }

  succeeded(name: string): void {
    this.counts.delete(name);
  }
}

/** Counted in this process. */
export function attemptsHere(clock: Clock): Attempts {
  const lockout = new Lockout();
  return {
    async attempt(name) {
      const seconds = lockout.secondsLeft(name, clock.now());
      if (seconds > 0) return { seconds };
      const takeBack = lockout.attempt(name, clock.now());
      return { takeBack: async () => takeBack() };
    },
    succeeded: async (name) => lockout.succeeded(name)
  };
}
