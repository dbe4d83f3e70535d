import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { writeClipInfo, type ClipFields } from './clip-info.ts';
import { labelled } from './fields.ts';

/** Of a clip's value (64 bytes) this many are kept: what a person can copy by hand. 40 bits. */
export const VALUE_BYTES = 5;
const TAG_BYTES = 32;

/**
 * All clips prove themselves with the short value, never some with the long one: otherwise a card
 * that was carried by code would look different from one that stayed on its device.
 * Whoever sees a tag can try values against it; this many rounds make 2^40 tries take days, and a
 * tag is of use for seconds.
 */
export const TAG_ROUNDS = 8192;

/** Each says what a tag allows; a tag for one is worth nothing for another. */
export type TagPurpose = 'hold' | 'settle' | 'give back' | 'decide';

/** What a tag vouches for. Elements are 32 bytes; the conversation is its id as written on the wire. */
export interface Tagged {
  readonly purpose: TagPurpose;
  readonly fields: ClipFields;
  readonly nonce: Uint8Array;
  /** Blinded elements in their order. */
  readonly elements: readonly Uint8Array[];
  readonly conversation: string;
}

/** What a tag's key is salted with: labelled nonce (32 bytes). */
export const tagSalt = (nonce: Uint8Array): Uint8Array => labelled('kk1 tag key', nonce);

/**
 * The key of a clip's tags, 32 bytes, from its short value (5 bytes) and nonce (32 bytes):
 * PBKDF2-HMAC-SHA256 (RFC 8018, section 5.2), TAG_ROUNDS of it over tagSalt.
 */
export function tagKey(value: Uint8Array, nonce: Uint8Array): Uint8Array {
  if (value.length !== VALUE_BYTES) throw new RangeError('a value is 5 bytes');
  return pbkdf2(sha256, value, tagSalt(nonce), { c: TAG_ROUNDS, dkLen: 32 });
}

/** HMAC-SHA256 (RFC 2104) over purpose, info, nonce, elements and conversation: 32 bytes. */
export function clipTag(key: Uint8Array, tagged: Tagged): Uint8Array {
  const { purpose, fields, nonce, elements, conversation } = tagged;
  const room = new TextEncoder().encode(conversation);
  const content = labelled(`kk1 ${purpose}`, writeClipInfo(fields), nonce, room, ...elements);
  return hmac(sha256, key, content);
}

/** Whether a tag is right, compared without telling where it differs. */
export function isClipTag(key: Uint8Array, tagged: Tagged, tag: Uint8Array): boolean {
  const right = clipTag(key, tagged);
  if (tag.length !== TAG_BYTES) return false;
  return right.reduce((difference, byte, at) => difference | (byte ^ (tag[at] ?? 0)), 0) === 0;
}
