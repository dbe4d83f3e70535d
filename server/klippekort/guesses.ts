import type { Clock } from '#server/clock.ts';

/** Wrong tags one conversation may show. A conversation costs a proof of work; a right tag is one of 2^40. */
const mostInConversation = 5;
/** Wrong tags a second that may come from outside a conversation, and how many at once after a quiet time. */
const outsideRate = 1;
const outsideBurst = 30;
const hour = 60 * 60_000;

/** Counts tries with a tag, so that nobody guesses one. In memory only, and for a few hours. */
export class Guesses {
  private readonly clock: Clock;
  private tries = new Map<string, number>();
  private before = new Map<string, number>();
  private turnedAt: number;
  private outside = outsideBurst;
  private filledAt: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.turnedAt = this.filledAt = clock.now();
  }

  /** Counts a try before its tag is looked at, so that many at once are no way around. */
  mayTry(conversation: string | null): boolean {
    if (conversation === null) return this.mayTryOutside();
    this.turn();
    const tries = (this.tries.get(conversation) ?? this.before.get(conversation) ?? 0) + 1;
    if (tries > mostInConversation) return false;
    this.tries.set(conversation, tries);
    return true;
  }

  /** The tag was right, so it was no guess. */
  wasRight(conversation: string | null): void {
    if (conversation === null) this.outside += 1;
    else this.tries.set(conversation, (this.tries.get(conversation) ?? 1) - 1);
  }

  private mayTryOutside(): boolean {
    const now = this.clock.now();
    const filled = this.outside + (Math.max(0, now - this.filledAt) / 1000) * outsideRate;
    this.outside = Math.min(outsideBurst, filled);
    this.filledAt = now;
    if (this.outside < 1) return false;
    this.outside -= 1;
    return true;
  }

  /** A conversation is remembered for twelve to twenty-four hours: longer than the right to it lasts. */
  private turn(): void {
    const now = this.clock.now();
    if (now - this.turnedAt < 12 * hour) return;
    this.before = this.tries;
    this.tries = new Map();
    this.turnedAt = now;
  }
}
