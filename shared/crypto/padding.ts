import { sodium } from './sodium.ts';

/** Every message travels at one of these lengths. sodium_pad adds at least one byte. */
export const PADDED_LENGTHS = [256, 1024, 4096, 16384] as const;

/** The longest message that fits: 16383 bytes. */
export const LONGEST_MESSAGE = 16383;

/**
 * Pad to the smallest of PADDED_LENGTHS that is longer than the message (ISO/IEC 7816-4, libsodium
 * sodium_pad): 0–255 bytes all become 256.
 * @returns undefined when the message is longer than LONGEST_MESSAGE.
 */
export function pad(message: Uint8Array): Uint8Array | undefined {
  const length = paddedLength(message.length);
  return length === undefined ? undefined : sodium.pad(message, length);
}

/** @returns undefined when the padding is not exactly what `pad` makes. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  if (!isPaddedLength(padded.length)) return undefined;
  try {
    const message = sodium.unpad(padded, padded.length).slice();
    // A longer bucket than needed would let a sender say something with the length alone.
    return paddedLength(message.length) === padded.length ? message : undefined;
  } catch {
    return undefined;
  }
}

export function isPaddedLength(length: number): boolean {
  return PADDED_LENGTHS.some((padded) => padded === length);
}

function paddedLength(length: number): number | undefined {
  return PADDED_LENGTHS.find((padded) => length < padded);
}
