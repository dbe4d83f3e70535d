import { codeName, messageId } from '#shared/crypto/message-code.ts';
import { answerIdentity, messageCode } from '#shared/crypto/message-secret.ts';
import { writeLetter, type Letter } from '#shared/message/letter.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { RecipientList } from '../booking/note-orders.ts';
import { inWorker, seal } from '../booking/notes.ts';

/** What the server is asked with, by whoever holds the secret. */
export const lookWith = (secret: Uint8Array): string => toBase64Url(messageCode(secret));

const nameOf = (secret: Uint8Array): Uint8Array => codeName(messageCode(secret));
const idOf = (secret: Uint8Array): string => toBase64Url(messageId(nameOf(secret)));

/** What is sent: sealed here, with an answer key that only the secret leads to. Null: nothing may be sent. */
export async function sealLetter(letter: Letter, list: RecipientList, secret: Uint8Array) {
  const own = await inWorker({ ask: 'recipient', identity: answerIdentity(secret) });
  if (own.kind !== 'recipient') return null;
  const { recipient } = own;
  const sealed = await seal(list, writeLetter(letter, recipient), 'message', idOf(secret));
  return sealed && { code: toBase64Url(nameOf(secret)), sealed, recipient };
}

/** @returns null for what was not sealed to this secret */
export async function openAnswer(sealed: string, secret: Uint8Array): Promise<string | null> {
  const identity = answerIdentity(secret);
  const opened = await inWorker({ ask: 'open', sealed, identity, id: idOf(secret) });
  return opened.kind === 'opened' ? opened.text : null;
}
