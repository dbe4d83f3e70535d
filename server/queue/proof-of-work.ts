import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Challenge, Payload } from 'altcha-lib/types';
import type { Clock } from '#server/clock.ts';
import type { Once, Starts } from '#server/store/volatile/house.ts';

export type Proof = 'good' | 'refused' | 'expired' | 'used';

/** A challenge may be answered for this many seconds. */
const life = 600;
/** PBKDF2 iterations of one try, and tries of one proof when the house is quiet. */
const iterations = 1000;
const tries = 200;
/** Challenges a minute that count as quiet; twice as many, twice the work. */
const quiet = 60;
const hardest = 16;

/** How much work a place costs: by the load of the whole house, equal for everybody. */
export const difficulty = (challengesLastMinute: number): number =>
  Math.min(hardest, Math.max(1, challengesLastMinute / quiet));

/** Starting to wait costs a little computing (ALTCHA, PoW v2), so that a flood costs much. */
export class ProofOfWork {
  private readonly secret: string;
  private readonly clock: Clock;
  /** Answered challenges by their signature, until they expire. */
  private readonly once: Once;
  private readonly starts: Starts;

  constructor(secret: Uint8Array, clock: Clock, once: Once, starts: Starts) {
    this.starts = starts;
    this.secret = Buffer.from(secret).toString('hex');
    this.clock = clock;
    this.once = once;
  }

  async challenge(): Promise<Challenge> {
    const now = this.clock.now();
    const most = Math.round(tries * difficulty(await this.starts.count()));
    return createChallenge({
      algorithm: 'PBKDF2/SHA-256',
      cost: iterations,
      counter: randomInt(most / 2, most),
      deriveKey,
      // Not `expiresAt`, which is checked by the clock of this machine.
      data: { until: Math.floor(now / 1000) + life },
      hmacSignatureSecret: this.secret,
      hmacKeySignatureSecret: this.secret
    });
  }

  /** @param proof JSON of `{challenge, solution}` as the browser made it */
  async check(proof: string): Promise<Proof> {
    const payload = readPayload(proof);
    if (!payload?.challenge.signature) return 'refused';
    const now = this.clock.now() / 1000;
    const { signature, parameters } = payload.challenge;
    const result = await verifySolution({
      challenge: payload.challenge,
      solution: payload.solution,
      deriveKey,
      hmacSignatureSecret: this.secret,
      hmacKeySignatureSecret: this.secret
    }).catch(() => null);
    const until = parameters.data?.['until'];
    if (!result?.verified || typeof until !== 'number') return 'refused';
    if (until < now) return 'expired';
    const isFirst = await this.once.claim(`proof ${signature}`, (until - now) * 1000 + 1000);
    return isFirst ? 'good' : 'used';
  }
}

function readPayload(proof: string): Payload | null {
  try {
    const payload: Payload = JSON.parse(proof);
    const whole =
      typeof payload.challenge.parameters.nonce === 'string' &&
      typeof payload.solution.derivedKey === 'string';
    return whole ? payload : null;
  } catch {
    return null;
  }
}
