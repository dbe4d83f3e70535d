/** What one socket may do before the server closes it; the client resumes without loss. */
export interface Limits {
  /** Packets a second, on average. */
  readonly rate: number;
  /** Packets at once, when it was quiet before. */
  readonly burst: number;
  /** Calls under way at once. */
  readonly openCalls: number;
  /** Packets, and bytes, that may wait for a reader who does not read. */
  readonly waitingPackets: number;
  readonly waitingBytes: number;
  /** Milliseconds: a line is asked whether it is there that often, and given up when it says nothing for as long. */
  readonly silence: number;
}

export const defaultLimits: Limits = {
  rate: 20,
  burst: 40,
  openCalls: 3,
  waitingPackets: 64,
  waitingBytes: 256 * 1024,
  silence: 10_000
};

/** A token bucket: refills by time, holds `burst` at most. */
export class Bucket {
  private tokens: number;
  private filledAt: number;

  constructor(burst: number, now: number) {
    this.tokens = burst;
    this.filledAt = now;
  }

  /** @param now milliseconds; @returns false when the bucket is empty. */
  take(limits: Limits, now: number): boolean {
    const refilled = this.tokens + ((now - this.filledAt) * limits.rate) / 1000;
    this.tokens = refilled > limits.burst ? limits.burst : refilled;
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
