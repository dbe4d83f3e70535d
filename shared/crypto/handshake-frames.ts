import { CERTIFICATE_BYTES } from './certificate.ts';
import { type FieldsOf, labelled, writeFields } from './fields.ts';

/*
 * The four handshake frames of the design. Lengths in bytes; X-Wing sizes by
 * draft-connolly-cfrg-xwing-kem (public key 1216, ciphertext 1120).
 */

export const VERSION = 1;

const helloFields = {
  version: 1,
  room: 16,
  publicKey: 1216,
  sid: 32,
  nonce: 32,
  commitment: 32,
  /** Reserved for the invitation of a third person: zero between two. */
  bind: 32
} as const;

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

/** HELLO without auth: what the continuity MAC covers. */
export function helloBeforeAuth(hello: FieldsOf<typeof helloFields>): Uint8Array {
  return writeFields(helloFields, hello);
}

/** REPLY without its signature. */
export function replyBeforeSignature(reply: FieldsOf<typeof replyFields>): Uint8Array {
  return writeFields(replyFields, reply);
}

/** What the counsellor signs: HELLO, auth and REPLY. */
export function signedReply(hello: Hello, reply: FieldsOf<typeof replyFields>): Uint8Array {
  return labelled(
    'frirum reply v1',
    helloBeforeAuth(hello),
    hello.auth,
    replyBeforeSignature(reply)
  );
}
