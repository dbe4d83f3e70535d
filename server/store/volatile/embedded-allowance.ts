import type { Clock } from '#server/clock.ts';
import { hiddenNames } from './hidden-names.ts';
import type { Allowance, AllowanceRule, Starts } from './house.ts';
import { rememberedClosed } from './relay.ts';

const sweepEvery = 60_000;

/** Counted in this process, under hidden names. */
export class EmbeddedAllowance implements Allowance {
  private readonly clock: Clock;
  private readonly rule: AllowanceRule;
  private readonly nameOf = hiddenNames();
  private readonly counted = new Map<string, { left: number; at: number }>();
  private sweepAt = 0;

  constructor(clock: Clock, rule: AllowanceRule) {
    this.clock = clock;
    this.rule = rule;
  }

  async take(of: string, many = 1): Promise<boolean> {
    const left = this.leftOf(of);
    if (left < many) return false;
    this.write(of, left - many);
    return true;
  }

  async giveBack(of: string): Promise<void> {
    this.write(of, Math.min(this.rule.atOnce, this.leftOf(of) + 1));
  }

  private leftOf(of: string): number {
    const { atOnce, perSecond } = this.rule;
    const known = this.counted.get(this.nameOf(of));
    if (!known) return atOnce;
    const passed = Math.max(0, this.clock.now() - known.at);
    return Math.min(atOnce, known.left + (passed / 1000) * perSecond);
  }

  private write(of: string, left: number): void {
    const now = this.clock.now();
    this.counted.set(this.nameOf(of), { left, at: now });
    if (now < this.sweepAt) return;
    for (const [name, { at }] of this.counted)
      if (now - at > rememberedClosed) this.counted.delete(name);
    this.sweepAt = now + sweepEvery;
  }
}

/** The moments themselves, of one process. */
export class EmbeddedStarts implements Starts {
  private readonly clock: Clock;
  private moments: number[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async count(): Promise<number> {
    const now = this.clock.now();
    this.moments = [...this.moments.filter((at) => now - at < 60_000), now].slice(-2000);
    return this.moments.length;
  }
}
