import { setTimeout as sleep } from 'node:timers/promises';
import { machineCpuSeconds } from './process-cost.ts';

const look = 400;
/** Of a core: what may run beside a measurement. */
const quiet = 0.2;

/** Waits for a moment without other work on the machine, but not for ever. */
export class Patience {
  private left: number;

  /** @param milliseconds to wait at most, in the whole run. */
  constructor(milliseconds: number) {
    this.left = milliseconds;
  }

  async untilQuiet(): Promise<void> {
    for (;;) {
      const before = machineCpuSeconds();
      await sleep(look);
      if (machineCpuSeconds() - before < (quiet * look) / 1000 || this.left <= 0) return;
      this.left -= look;
    }
  }
}
