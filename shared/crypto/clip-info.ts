import { sha256 } from '@noble/hashes/sha2.js';
import { joinBytes, labelled } from './fields.ts';

/** What a clip says openly; the blind signature covers it (the public input of RFC 9497, section 3.3.3). */
export interface ClipFields {
  /** The service that issues, 1–64 bytes of UTF-8. */
  readonly service: string;
  /** Who the holder says they are, 1–32 characters of a–z, 0–9 and hyphen. */
  readonly holder: string;
  /** What the clip opens, of the same letters. */
  readonly stage: string;
  /** The year it was issued in: u16. */
  readonly epoch: number;
}

const word = /^[a-z0-9-]{1,32}$/;
const utf8 = (text: string) => new TextEncoder().encode(text);

/**
 * info = lp("kk1") ‖ lp(service) ‖ lp(holder) ‖ lp(stage) ‖ u16 epoch, where lp is a u32 length in front
 * (our design). Both sides compute it; nobody takes it from the other.
 * @throws RangeError for a field that is empty, too long or of other letters.
 */
export function writeClipInfo({ service, holder, stage, epoch }: ClipFields): Uint8Array {
  const name = utf8(service);
  if (name.length < 1 || name.length > 64) throw new RangeError('service is not 1–64 bytes');
  if (!word.test(holder) || !word.test(stage)) throw new RangeError('not a word of a clip');
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > 0xffff) throw new RangeError('not a u16');
  return joinBytes(
    labelled('kk1', name, utf8(holder), utf8(stage)),
    Uint8Array.of(epoch >> 8, epoch & 255)
  );
}

/** H(info ‖ nonce), 32 bytes (SHA-256): the name under which a clip is spent. */
export function clipId(fields: ClipFields, nonce: Uint8Array): Uint8Array {
  return sha256(labelled('kk1 clip', writeClipInfo(fields), nonce));
}

/** H(one ‖ other …), 32 bytes (SHA-256): which blinded elements were committed to. */
export function elementsHash(...elements: readonly Uint8Array[]): Uint8Array {
  return sha256(labelled('kk1 elements', ...elements));
}
