const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** The sum that BIP-173 checks a text with, of 5-bit values. */
function sumOf(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, part] of generator.entries()) if ((top >>> bit) & 1) sum ^= part;
  }
  return sum;
}

/**
 * Bech32 (BIP-173) of bytes behind a prefix, in small letters, without its limit of 90: as age writes keys.
 * @param bytes whole bytes of 8 bits; the last 5 bits are filled with zeros
 */
export function toBech32(prefix: string, bytes: Uint8Array): string {
  const values: number[] = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) values.push((held >> (bits -= 5)) & 31);
  }
  if (bits > 0) values.push((held << (5 - bits)) & 31);
  const signs = Array.from(prefix, (sign) => sign.charCodeAt(0));
  const head = [...signs.map((sign) => sign >> 5), 0, ...signs.map((sign) => sign & 31)];
  const sum = sumOf([...head, ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (sum >>> shift) & 31);
  return `${prefix}1${[...values, ...check].map((value) => letters.charAt(value)).join('')}`;
}
