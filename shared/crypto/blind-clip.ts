import { ristretto255, ristretto255_oprf } from '@noble/curves/ed25519.js';
import { writeClipInfo, type ClipFields } from './clip-info.ts';

export const ELEMENT_BYTES = 32;
export const PROOF_BYTES = 64;

/** A clip on its way: what the device keeps (`blind`) and what it sends (`blinded`), 32 bytes each. */
export interface BlindClip {
  readonly blind: Uint8Array;
  readonly blinded: Uint8Array;
}

/** What the server answers: one element (32 bytes) for each that was asked, and one proof (64 bytes) for all. */
export interface Evaluation {
  readonly evaluated: readonly Uint8Array[];
  readonly proof: Uint8Array;
}

/** POPRF of RFC 9497 (section 3.3.3), suite ristretto255-SHA512 (section 4.1), mode 0x02. */
const suite = (fields: ClipFields) => ristretto255_oprf.poprf(writeClipInfo(fields));

/** A new key of an epoch: secret scalar and public element, 32 bytes each. */
export function newEpochKey(): { secretKey: Uint8Array; publicKey: Uint8Array } {
  return ristretto255_oprf.poprf(new Uint8Array()).generateKeyPair();
}

/** The public element of an epoch's secret scalar (32 bytes). @throws when it is no scalar. */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  const { Point } = ristretto255;
  return Point.BASE.multiply(Point.Fn.fromBytes(secretKey)).toBytes();
}

/** Whether bytes are a group element that may be used: 32 bytes, canonical, not the identity (RFC 9497, section 3.3; RFC 9496, section 4.3.1). */
export function isElement(bytes: Uint8Array): boolean {
  if (bytes.length !== ELEMENT_BYTES) return false;
  try {
    return !ristretto255.Point.fromBytes(bytes).equals(ristretto255.Point.ZERO);
  } catch {
    return false;
  }
}

/** Blind (RFC 9497, section 3.3.3), on the device. The nonce is 32 bytes, the key an element. */
export function blindClip(fields: ClipFields, nonce: Uint8Array, publicKey: Uint8Array): BlindClip {
  const { blind, blinded } = suite(fields).blind(nonce, publicKey);
  return { blind, blinded };
}

/**
 * BlindEvaluate for a batch (RFC 9497, section 3.3.3), on the server. The same elements always give the
 * same evaluated elements; only the proof is new.
 * @returns null when one of them is no element.
 */
export function evaluateClips(
  secretKey: Uint8Array,
  fields: ClipFields,
  blinded: readonly Uint8Array[]
): Evaluation | null {
  if (!blinded.every(isElement)) return null;
  return suite(fields).blindEvaluateBatch(secretKey, [...blinded]);
}

/**
 * Finalize for a batch (RFC 9497, section 3.3.3), on the device: checks that the pinned key was used, then
 * takes the blinds off.
 * @returns one value of 64 bytes for each clip; null when an element or the proof is not right.
 */
export function finishClips(
  fields: ClipFields,
  publicKey: Uint8Array,
  clips: readonly (BlindClip & { readonly nonce: Uint8Array })[],
  { evaluated, proof }: Evaluation
): readonly Uint8Array[] | null {
  if (clips.length === 0 || evaluated.length !== clips.length) return null;
  if (proof.length !== PROOF_BYTES || !evaluated.every(isElement)) return null;
  try {
    const poprf = suite(fields);
    // The tweaked key depends on key and info alone; the library gives it only beside a blind.
    const { tweakedKey } = poprf.blind(new Uint8Array(32), publicKey);
    const items = clips.map(({ nonce, blind, blinded }, at) => ({
      input: nonce,
      blind,
      blinded,
      evaluated: evaluated[at] ?? new Uint8Array()
    }));
    return poprf.finalizeBatch(items, proof, tweakedKey);
  } catch {
    return null;
  }
}

/** Evaluate (RFC 9497, section 3.3.3): the value (64 bytes) of a nonce, for who holds the secret key. */
export function clipValue(
  secretKey: Uint8Array,
  fields: ClipFields,
  nonce: Uint8Array
): Uint8Array {
  return suite(fields).evaluate(secretKey, nonce);
}
