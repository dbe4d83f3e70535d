import { sha256 } from '@noble/hashes/sha2.js';
import { toBech32 } from './bech32.ts';
import { labelled } from './fields.ts';

/** What somebody who has left a message carries: 136 bits, short enough for a slip of paper. */
export const MESSAGE_SECRET_BYTES = 17;

/** A new secret: 17 random bytes, made on the device. */
export const newMessageSecret = (): Uint8Array =>
  crypto.getRandomValues(new Uint8Array(MESSAGE_SECRET_BYTES));

/** What the answer is asked for with, 32 bytes (SHA-256): it says nothing about the key that opens it. */
export const messageCode = (secret: Uint8Array): Uint8Array =>
  sha256(labelled('frirum message look v1', secret));

/**
 * The identity that opens the answer: AGE-SECRET-KEY-PQ-1…, Bech32 of 32 bytes (C2SP age). The server is told
 * neither it nor the secret, on no device.
 */
export const answerIdentity = (secret: Uint8Array): string =>
  toBech32(
    'age-secret-key-pq-',
    sha256(labelled('frirum message answer key v1', secret))
  ).toUpperCase();
