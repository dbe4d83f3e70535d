import { ed25519 } from '@noble/curves/ed25519.js';
import { putRecipient } from '#shared/booking/message-calls.ts';
import { requestCertificate } from '#shared/counsellor/calls.ts';
import { newNoteIdentity } from '#shared/crypto/sealed-note.ts';
import { signedRecipient } from '#shared/crypto/team-recipients.ts';
import type { RunningApp } from './app.ts';
import { connect, signIn, valueOf } from './people.ts';

/** A counsellor to whom notes are sealed, with a key that the try-out certifies. */
export async function aReader(house: Pick<RunningApp, 'origin' | 'password'>, name = 'sofie') {
  const desk = await connect(house, { cookie: await signIn(house, name), as: 'staff' });
  const secretKey = ed25519.utils.randomSecretKey();
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  const publicKey = text(ed25519.getPublicKey(secretKey));
  const { certificate } = await valueOf(desk.ask(requestCertificate, { publicKey }));
  const { identity, recipient } = await newNoteIdentity();
  const signature = text(ed25519.sign(signedRecipient(recipient), secretKey));
  await valueOf(desk.ask(putRecipient, { recipient, certificate, signature }));
  return { desk, identity };
}
