import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { labelled } from './fields.ts';

/** A card's seed is what people copy by hand, so it is short: 80 bits. */
export const SEED_BYTES = 10;

/**
 * Somebody who holds many nonces could try seeds against all of them at once; each try costs this
 * many rounds, which gives the bits back that the copying took.
 */
const ROUNDS = 32_768;

/** Where a clip stands on its card. `generation` counts how often it came back. */
export interface ClipPlace {
  readonly stage: 'ordinary' | 'fifth' | 'pending' | 'decision';
  /** Among the ordinary clips, from 0; otherwise 0. */
  readonly index: number;
  readonly generation: number;
}

export const newSeed = (): Uint8Array => randomBytes(SEED_BYTES);

/** The card's root, 32 bytes, from its seed (10 bytes): PBKDF2-HMAC-SHA256 (RFC 8018, section 5.2). Slow by intent. */
export function cardRoot(seed: Uint8Array): Uint8Array {
  if (seed.length !== SEED_BYTES) throw new RangeError('a seed is 10 bytes');
  const salt = labelled('kk1 card');
  return pbkdf2(sha256, seed, salt, { c: ROUNDS, dkLen: 32 });
}

/** A clip's nonce, 32 bytes: HMAC-SHA256 under the root (RFC 2104). A place names one clip for ever. */
export function clipNonce(root: Uint8Array, { stage, index, generation }: ClipPlace): Uint8Array {
  if (!isSmall(index) || !isSmall(generation)) throw new RangeError('not a place on a card');
  const place = Uint8Array.of(index, generation);
  return hmac(sha256, root, labelled('kk1 nonce', new TextEncoder().encode(stage), place));
}

const isSmall = (value: number) => Number.isInteger(value) && value >= 0 && value <= 255;
