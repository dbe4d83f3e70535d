import { MESSAGE_SECRET_BYTES } from '../crypto/message-secret.ts';
import { readSecretCode, secretCodeLength, writeSecretCode } from '../klippekort/secret-code.ts';

/** 30: 28 digits of the secret and 2 that check them, a length that no card and no ticket has. */
export const writtenCodeLength = secretCodeLength(MESSAGE_SECRET_BYTES);

/** A message's secret as 30 Crockford digits of 5 bits (our design). @param secret 17 bytes */
export const writeMessageCode = (secret: Uint8Array): string => writeSecretCode(secret, 'message');

/** @returns the secret, 17 bytes; one wrong digit, or two neighbours exchanged, is always found */
export const readMessageCode = (text: string): ReturnType<typeof readSecretCode> =>
  readSecretCode(text, { of: 'message', bytes: MESSAGE_SECRET_BYTES });

/** Six groups of five, as they are written down; what was typed is put in order: 0 for O, 1 for I and L. */
export const messageCodeGroups = (text: string): readonly string[] =>
  text
    .toUpperCase()
    .replaceAll(/[\s\p{P}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .match(/.{1,5}/gu) ?? [];
