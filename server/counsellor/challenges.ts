import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#server/clock.ts';
import type { Once } from '#server/store/volatile/house.ts';

const LASTS = 5 * 60_000;
const NONCE = 16;
const EXPIRES = 8;

/**
 * WebAuthn challenges: 16 random bytes, their end (u64, milliseconds) and an HMAC-SHA256 over both and
 * what they are for. Nothing is remembered of those that are given out, so nobody can crowd out another's,
 * and any node knows the challenges of the others; only what was used is, until it would have ended.
 */
export class Challenges {
  private readonly clock: Clock;
  private readonly key: Buffer;
  private readonly once: Once;

  /** @param secret the same on every node */
  constructor(secret: Uint8Array, clock: Clock, once: Once) {
    this.key = createHmac('sha256', secret).update('frirum challenges').digest();
    this.clock = clock;
    this.once = once;
  }

  /** @returns bytes for the browser to sign; `purpose` is asked for again when they come back */
  issue(purpose: string): Uint8Array<ArrayBuffer> {
    const body = Buffer.alloc(NONCE + EXPIRES);
    randomBytes(NONCE).copy(body);
    body.writeBigUInt64BE(BigInt(this.clock.now() + LASTS), NONCE);
    return Uint8Array.from(Buffer.concat([body, this.tagOf(body, purpose)]));
  }

  /** Whether this one (base64url) was given out for this purpose and has not ended. */
  isGood(challenge: string, purpose: string): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    if (bytes.length !== NONCE + EXPIRES + 32) return false;
    const body = bytes.subarray(0, NONCE + EXPIRES);
    const isOurs = timingSafeEqual(bytes.subarray(NONCE + EXPIRES), this.tagOf(body, purpose));
    return isOurs && this.endOf(bytes) > this.clock.now();
  }

  /** Uses it up. False when somebody was faster. */
  use(challenge: string): Promise<boolean> {
    const bytes = Buffer.from(challenge, 'base64url');
    // Another node's clock may be behind by as much as a challenge lasts.
    return this.once.claim(`challenge ${bytes.toString('hex')}`, 2 * LASTS);
  }

  private endOf(bytes: Buffer): number {
    return Number(bytes.readBigUInt64BE(NONCE));
  }

  private tagOf(body: Buffer, purpose: string): Buffer {
    return createHmac('sha256', this.key).update(body).update(purpose).digest();
  }
}
