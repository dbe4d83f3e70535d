import { newEpochKey, publicKeyOf } from '#shared/crypto/blind-clip.ts';
import { epochOf, isAcceptedEpoch } from '#shared/crypto/clip-epoch.ts';
import type { EpochKey } from '#shared/crypto/clip-manifest.ts';
import type { Clock } from '#server/clock.ts';
import type { Clips } from '#server/store/durable/clips.ts';

/** The secret keys of the epochs that count. */
export class EpochKeys {
  private readonly clips: Clips;
  private readonly clock: Clock;
  private readonly known = new Map<number, Uint8Array>();

  constructor(clips: Clips, clock: Clock) {
    this.clips = clips;
    this.clock = clock;
  }

  /** The secret key of an accepted epoch, 32 bytes; null for every other one. */
  async secretOf(epoch: number): Promise<Uint8Array | null> {
    const now = this.clock.now();
    if (!isAcceptedEpoch(epoch, now)) return null;
    const known = this.known.get(epoch);
    if (known) return known;
    // A key of last year that was never made is not made now: nothing was issued with it.
    const made = epoch === epochOf(now) ? newEpochKey().secretKey : undefined;
    const secretKey = await this.clips.key(epoch, made);
    if (secretKey) this.known.set(epoch, secretKey);
    return secretKey;
  }

  /** Public keys to sign: last year's if there is one, this year's, and the next one's ahead of time. */
  async publicKeys(): Promise<readonly EpochKey[]> {
    const year = epochOf(this.clock.now());
    for (const epoch of [year, year + 1]) await this.clips.key(epoch, newEpochKey().secretKey);
    return (await this.clips.keys())
      .filter(({ epoch }) => epoch >= year - 1 && epoch <= year + 1)
      .map(({ epoch, secretKey }) => ({ epoch, publicKey: publicKeyOf(secretKey) }));
  }
}
