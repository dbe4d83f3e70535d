/** Crockford's base 32: no I, L, O or U, so that a code survives handwriting. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const readAs: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/** Five bits a digit; the bits of bytes are padded with zeros at the end. */
export function digitsOf(bytes: Uint8Array): number[] {
  const digits: number[] = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) digits.push((held >> (bits -= 5)) & 31);
  }
  if (bits > 0) digits.push((held << (5 - bits)) & 31);
  return digits;
}

/** Whole bytes only: what is left over of the last digit must be zero. @returns null otherwise. */
export function bytesOf(digits: readonly number[]): Uint8Array | null {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const digit of digits) {
    held = ((held << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255);
  }
  return bits < 5 && (held & ((1 << bits) - 1)) === 0 ? Uint8Array.from(bytes) : null;
}

/**
 * The field of 32 elements, 2 being a generator: x⁵ = x² + 1. Multiplying by 2 is a shift; there is no
 * cheaper way to weigh every place differently from its neighbour.
 */
const twice = (element: number): number => ((element << 1) ^ (element & 16 ? 0b100101 : 0)) & 31;

/** What a code is of, first version: a code of one thing does not pass for one of another. */
const starts = { card: [11, 23], ticket: [7, 29], message: [19, 5] } as const;
export type CodeOf = keyof typeof starts;

/** Digits by Horner's rule at the points 2 and 4: the checks of a Reed–Solomon code. */
function sums(digits: readonly number[], of: CodeOf): [number, number] {
  let [one, two]: [number, number] = [...starts[of]];
  for (const digit of digits) {
    one = twice(one) ^ digit;
    two = twice(twice(two)) ^ digit;
  }
  return [one, two];
}

const elements = Array.from({ length: 32 }, (_, digit) => digit);

/**
 * Adds two digits that make both sums zero. One wrong digit anywhere, or two neighbours in the wrong
 * order, always leaves a sum that is not zero; so do any two wrong digits in a code of up to 31.
 */
export function addCheck(digits: readonly number[], of: CodeOf = 'card'): number[] {
  for (const first of elements)
    for (const second of elements) {
      const whole = [...digits, first, second];
      if (isChecked(whole, of)) return whole;
    }
  throw new Error('two digits can always be found');
}

export const isChecked = (digits: readonly number[], of: CodeOf = 'card'): boolean =>
  sums(digits, of).every((sum) => sum === 0);

export const writeDigits = (digits: readonly number[]): string =>
  digits.map((digit) => letters.charAt(digit)).join('');

/** Capitals or not, O for 0, I and L for 1; spaces and hyphens are for the eye. @returns null for any other sign. */
export function readDigits(text: string): number[] | null {
  const digits = Array.from(text.toUpperCase().replaceAll(/[\s-]/g, ''), (sign) =>
    letters.indexOf(readAs[sign] ?? sign)
  );
  return digits.includes(-1) ? null : digits;
}
