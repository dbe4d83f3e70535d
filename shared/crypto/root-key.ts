import type { OrganisationKey } from './certificate.ts';
import { sameBytes } from './digest.ts';
import { loadSodium, sodium } from './sodium.ts';

const HEX_BYTES = 128;

/**
 * The organisation's key as the file that the lead keeps: lines of explanation that begin with `#`,
 * then 64 bytes of Ed25519 secret key (RFC 8032: seed and public key) as 128 hexadecimal digits.
 * Bytes in, bytes out: a secret in a string could not be overwritten. Spaces and line ends do not count.
 * @returns undefined when it is no such file, or its two halves do not belong together.
 * @throws SodiumCannotLoad
 */
export async function readRootKey(file: Uint8Array): Promise<OrganisationKey | undefined> {
  await loadSodium();
  const secretKey = bytesOfHex(file);
  if (!secretKey) return undefined;
  const made = sodium.crypto_sign_seed_keypair(secretKey.subarray(0, 32));
  const isWhole = sameBytes(made.privateKey, secretKey);
  made.privateKey.fill(0);
  if (isWhole) return { publicKey: made.publicKey, secretKey };
  secretKey.fill(0);
  return undefined;
}

/** The 64 bytes behind the digits; undefined when there are more, fewer, or other signs. */
function bytesOfHex(file: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(HEX_BYTES / 2);
  let digits = 0;
  let isExplained = false;
  for (const sign of file) {
    if (sign === lineEnd) isExplained = false;
    else if (sign === hash) isExplained = true;
    if (isExplained || blank.has(sign)) continue;
    const digit = digitOf(sign);
    if (digit === undefined || digits === HEX_BYTES) {
      digits = Infinity;
      break;
    }
    const at = digits >> 1;
    bytes[at] = ((bytes[at] ?? 0) << 4) | digit;
    digits += 1;
  }
  if (digits === HEX_BYTES) return bytes;
  bytes.fill(0);
  return undefined;
}

const hash = 0x23;
const lineEnd = 0x0a;
/** Tab, line ends, space, and the mark that some editors put in front. */
const blank = new Set([0x09, lineEnd, 0x0d, 0x20, 0xef, 0xbb, 0xbf]);

function digitOf(sign: number): number | undefined {
  if (sign >= 0x30 && sign <= 0x39) return sign - 0x30;
  const letter = sign | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}
