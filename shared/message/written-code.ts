import { MESSAGE_SECRET_BYTES } from '../crypto/message-secret.ts';
import {
  addCheck,
  bytesOf,
  digitsOf,
  isChecked,
  readDigits,
  writeDigits
} from '../klippekort/crockford.ts';

/** 28 digits of the secret and 2 that check them: a length that no card and no ticket has. */
export const writtenCodeLength = 30;

export type WrittenCodeRefusal =
  /** A sign that no code has. */
  | 'wrong-sign'
  /** Digits are missing or there are too many. */
  | 'wrong-length'
  /** A digit is wrong, or two stand in the wrong order. */
  | 'wrong-digit';

/** A message's secret as 30 Crockford digits of 5 bits (our design). @param secret 17 bytes */
export const writeMessageCode = (secret: Uint8Array): string =>
  writeDigits(addCheck(digitsOf(secret), 'message'));

/** @returns the secret, 17 bytes; one wrong digit, or two neighbours exchanged, is always found */
export function readMessageCode(
  text: string
): { ok: true; secret: Uint8Array } | { ok: false; refusal: WrittenCodeRefusal } {
  const refused = (refusal: WrittenCodeRefusal) => ({ ok: false, refusal }) as const;
  const digits = readDigits(text);
  if (!digits) return refused('wrong-sign');
  if (digits.length !== writtenCodeLength) return refused('wrong-length');
  if (!isChecked(digits, 'message')) return refused('wrong-digit');
  const secret = bytesOf(digits.slice(0, -2));
  return secret?.length === MESSAGE_SECRET_BYTES ? { ok: true, secret } : refused('wrong-digit');
}

/** Six groups of five, as they are written down; what was typed is put in order: 0 for O, 1 for I and L. */
export const messageCodeGroups = (text: string): readonly string[] =>
  text
    .toUpperCase()
    .replaceAll(/[\s\p{P}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .match(/.{1,5}/gu) ?? [];
