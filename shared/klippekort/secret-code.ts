import {
  addCheck,
  bytesOf,
  digitsOf,
  isChecked,
  readDigits,
  writeDigits,
  type CodeOf
} from './crockford.ts';

export type SecretCodeRefusal =
  /** A sign that no code has. */
  | 'wrong-sign'
  /** Digits are missing or there are too many. */
  | 'wrong-length'
  /** A digit is wrong, or two stand in the wrong order. */
  | 'wrong-digit';

/** Digits of 5 bits for so many bytes, and 2 that check them. @param bytes of the secret */
export const secretCodeLength = (bytes: number): number => Math.ceil((bytes * 8) / 5) + 2;

/** A secret in Crockford digits with a check (our design). @param of what it opens: one does not pass for another */
export const writeSecretCode = (secret: Uint8Array, of: CodeOf): string =>
  writeDigits(addCheck(digitsOf(secret), of));

/** @returns the secret of so many bytes; one wrong digit, or two neighbours exchanged, is always found */
export function readSecretCode(
  text: string,
  { of, bytes }: { readonly of: CodeOf; readonly bytes: number }
): { ok: true; secret: Uint8Array } | { ok: false; refusal: SecretCodeRefusal } {
  const refused = (refusal: SecretCodeRefusal) => ({ ok: false, refusal }) as const;
  const digits = readDigits(text);
  if (!digits) return refused('wrong-sign');
  if (digits.length !== secretCodeLength(bytes)) return refused('wrong-length');
  if (!isChecked(digits, of)) return refused('wrong-digit');
  const secret = bytesOf(digits.slice(0, -2));
  return secret?.length === bytes ? { ok: true, secret } : refused('wrong-digit');
}
