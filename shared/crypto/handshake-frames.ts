import { CERTIFICATE_BYTES } from './certificate.ts';
import { type FieldsOf, labelled, writeFields } from './fields.ts';

/*
 * The four handshake frames of the design. Lengths in bytes; X-Wing sizes by
 * draft-connolly-cfrg-xwing-kem (public key 1216, ciphertext 1120).
 */

export const VERSION = 1;

const helloStart = {
  version: 1,
  room: 16,
  publicKey: 1216,
  sid: 32,
  nonce: 32,
  commitment: 32
} as const;

/** `bind` is the MAC under an invitation, or zero: nobody was invited, or a session is resumed. */
const helloFields = { ...helloStart, bind: 32 } as const;

/** `auth` is the continuity MAC, or zero when the conversation is new. */
export const helloLayout = { ...helloFields, auth: 32 } as const;

const replyFields = {
  /** Digest of the HELLO that is answered: an answer to a page that was reloaded is told from a forgery. */
  hello: 32,
  ciphertext: 1120,
  sid: 32,
  nonce: 32,
  certificate: CERTIFICATE_BYTES
} as const;

export const replyLayout = { ...replyFields, signature: 64 } as const;
export const finishLayout = { header: 24, reveal: 32, mac: 32 } as const;
export const readyLayout = { header: 24, mac: 32 } as const;

export type Hello = FieldsOf<typeof helloLayout>;
export type Reply = FieldsOf<typeof replyLayout>;

/** HELLO without bind and auth: what the MAC under an invitation covers. */
export function helloBeforeBind(hello: FieldsOf<typeof helloStart>): Uint8Array {
  return writeFields(helloStart, hello);
}

/** HELLO without auth: what the continuity MAC covers. */
export function helloBeforeAuth(hello: FieldsOf<typeof helloFields>): Uint8Array {
  return writeFields(helloFields, hello);
}

/** REPLY without its signature. */
export function replyBeforeSignature(reply: FieldsOf<typeof replyFields>): Uint8Array {
  return writeFields(replyFields, reply);
}

/** In the place of a certificate when a guest answers, who has none. */
export const NO_CERTIFICATE = new Uint8Array(CERTIFICATE_BYTES);

/** With which key a REPLY is signed: a counsellor's certified one, or a guest's own `sid`. */
export type ReplySigner = 'certificate' | 'session';

const replyLabels = {
  certificate: 'frirum reply v1',
  session: 'frirum guest reply v1'
} as const satisfies Record<ReplySigner, string>;

/** What the one who answers signs: HELLO, auth and REPLY. */
export function signedReply(
  signer: ReplySigner,
  hello: Hello,
  reply: FieldsOf<typeof replyFields>
): Uint8Array {
  return labelled(
    replyLabels[signer],
    helloBeforeAuth(hello),
    hello.auth,
    replyBeforeSignature(reply)
  );
}
