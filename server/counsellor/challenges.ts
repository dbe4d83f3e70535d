import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#server/clock.ts';

const LASTS = 5 * 60_000;
/** More sign-ins than this in five minutes do not happen. */
const MOST_USED = 10_000;
const NONCE = 16;
const EXPIRES = 8;

/**
 * WebAuthn challenges: 16 random bytes, their end (u64, milliseconds) and an HMAC-SHA256 over both and
 * what they are for. Nothing is remembered of those that are given out, so nobody can crowd out another's;
 * only what was used is, until it would have ended. The key dies with the process.
 */
export class Challenges {
  private readonly clock: Clock;
  private readonly key = randomBytes(32);
  /** Used challenges and when they would have ended, oldest first. */
  private readonly used = new Map<string, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @returns bytes for the browser to sign; `purpose` is asked for again when they come back */
  issue(purpose: string): Uint8Array<ArrayBuffer> {
    const body = Buffer.alloc(NONCE + EXPIRES);
    randomBytes(NONCE).copy(body);
    body.writeBigUInt64BE(BigInt(this.clock.now() + LASTS), NONCE);
    return Uint8Array.from(Buffer.concat([body, this.tagOf(body, purpose)]));
  }

  /** Whether this one (base64url) was given out for this purpose, has not ended and was not used. */
  isGood(challenge: string, purpose: string): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    if (bytes.length !== NONCE + EXPIRES + 32) return false;
    const body = bytes.subarray(0, NONCE + EXPIRES);
    const isOurs = timingSafeEqual(bytes.subarray(NONCE + EXPIRES), this.tagOf(body, purpose));
    return isOurs && this.endOf(bytes) > this.clock.now() && !this.used.has(bytes.toString('hex'));
  }

  /** Uses it up. False when somebody was faster. */
  use(challenge: string): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    const name = bytes.toString('hex');
    if (this.used.has(name)) return false;
    const now = this.clock.now();
    for (const [old, end] of this.used) {
      if (end > now && this.used.size < MOST_USED) break;
      this.used.delete(old);
    }
    this.used.set(name, this.endOf(bytes));
    return true;
  }

  private endOf(bytes: Buffer): number {
    return Number(bytes.readBigUInt64BE(NONCE));
  }

  private tagOf(body: Buffer, purpose: string): Buffer {
    return createHmac('sha256', this.key).update(body).update(purpose).digest();
  }
}
