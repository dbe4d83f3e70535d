import { labelled } from './fields.ts';
import { sodium } from './sodium.ts';

export const DIGEST_BYTES = 32;

/** BLAKE2b-256 (RFC 7693, libsodium crypto_generichash) over L(label, …). */
export function digest(label: string, ...fields: readonly Uint8Array[]): Uint8Array {
  return sodium.crypto_generichash(DIGEST_BYTES, labelled(label, ...fields), null);
}

/** Keyed BLAKE2b-256 over L(label, …); the key is 32 bytes. Serves as MAC and as key derivation. */
export function keyedDigest(
  key: Uint8Array,
  label: string,
  ...fields: readonly Uint8Array[]
): Uint8Array {
  return sodium.crypto_generichash(DIGEST_BYTES, labelled(label, ...fields), key);
}

/** Equal in length and content, compared in constant time for equal lengths (sodium_memcmp). */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && sodium.memcmp(one, other);
}

/** Overwrite secrets that are no longer needed. */
export function wipe(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) sodium.memzero(secret);
}
