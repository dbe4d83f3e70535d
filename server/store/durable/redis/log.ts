import type { Redis } from '../../redis/connection.ts';

/** Milliseconds between two: Redis copies the whole store each time. */
const atMostEvery = 10_000;

/**
 * The append-only file says what was written in which order, and still has what was deleted. Written anew
 * it is what is stored and nothing more.
 */
export class Log {
  private readonly redis: Redis;
  private waiting: NodeJS.Timeout | null = null;
  private last = -Infinity;

  constructor(redis: Redis) {
    this.redis = redis;
  }

  /** Soon, and once for all who ask until then. */
  writeAnew(): void {
    if (this.waiting) return;
    const after = Math.max(0, this.last + atMostEvery - performance.now());
    this.waiting = setTimeout(() => void this.write(), after).unref();
  }

  /** What was asked for is done now. */
  async stop(): Promise<void> {
    if (!this.waiting) return;
    clearTimeout(this.waiting);
    await this.everywhere().catch(() => {});
  }

  private async write(): Promise<void> {
    this.last = performance.now();
    this.waiting = null;
    // One that is under way began before what it was asked for, or Redis is away: later, then.
    await this.everywhere().catch(() => this.writeAnew());
  }

  /** Copies have files of their own. */
  private everywhere(): Promise<unknown> {
    return this.redis.everywhere((server) => server.bgRewriteAof());
  }
}
