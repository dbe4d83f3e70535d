import { digest, keyedDigest, wipe } from './digest.ts';
import { type Reply, replyBeforeSignature } from './handshake-frames.ts';
import { sodium } from './sodium.ts';

/** Six keys of 32 bytes, k1 to k6 of the design. */
export type SessionKeys = {
  toCounsellor: Uint8Array;
  toVisitor: Uint8Array;
  confirmVisitor: Uint8Array;
  confirmCounsellor: Uint8Array;
  shortCode: Uint8Array;
  resume: Uint8Array;
};

/**
 * A secret of 32 bytes that both sides held before HELLO: k6 of the session before, or the key of an
 * invitation. A HELLO says by `auth` or `bind` which of the two it is; never both.
 */
export type Bond = { by: 'resume-key' | 'invitation'; key: Uint8Array };

const rootLabels = {
  'resume-key': 'root resumed',
  invitation: 'root invited'
} as const satisfies Record<Bond['by'], string>;

/** th, 32 bytes: everything said so far. REPLY holds the digest of HELLO, so HELLO is in it as well. */
export function transcript(reply: Reply): Uint8Array {
  return digest('th', replyBeforeSignature(reply), reply.signature);
}

/**
 * root and k1–k6 (libsodium crypto_kdf, BLAKE2b). `sharedSecret` (32 bytes) is wiped.
 *
 * A bond is one more field of root, under a label of its own: whoever confirms with a key of this
 * session knew the bond's key too. So the one who answers proves in READY what the other proves in
 * HELLO and FINISH (continuity, or the invitation), and old and new secret must both be broken.
 */
export function deriveKeys(
  sharedSecret: Uint8Array,
  th: Uint8Array,
  bond: Bond | undefined
): SessionKeys {
  const root = bond
    ? keyedDigest(sharedSecret, rootLabels[bond.by], th, bond.key)
    : keyedDigest(sharedSecret, 'root', th);
  const derive = (id: number, context: string) =>
    sodium.crypto_kdf_derive_from_key(32, id, context, root);
  const keys = {
    toCounsellor: derive(1, 'frirumIR'),
    toVisitor: derive(2, 'frirumRI'),
    confirmVisitor: derive(3, 'frirumCI'),
    confirmCounsellor: derive(4, 'frirumCR'),
    shortCode: derive(5, 'frirumSC'),
    resume: derive(6, 'frirumRS')
  };
  wipe(root, sharedSecret);
  return keys;
}

/** cI = H(rI): said before REPLY, so that nobody can try reveals until the short code suits them. */
export function commitTo(reveal: Uint8Array): Uint8Array {
  return digest('commit', reveal);
}

/** Six decimal digits from k5 and rI. 2^64 mod 10^6 leaves a bias below 2^-44. */
export function shortCodeOf(key: Uint8Array, reveal: Uint8Array): string {
  const bytes = keyedDigest(key, 'short code', reveal);
  const number = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  return String(number % 1_000_000n).padStart(6, '0');
}

/** The continuity MAC of HELLO under k6 of the session before. 32 bytes. */
export function continuityMac(resumeKey: Uint8Array, helloBytes: Uint8Array): Uint8Array {
  return keyedDigest(resumeKey, 'continuity', helloBytes);
}

/**
 * `bind` of HELLO: keyed digest under the invitation (32 bytes) of HELLO without bind and auth, so it is
 * for one room and one X-Wing key and cannot be put under another. 32 bytes.
 */
export function invitationMac(invitation: Uint8Array, helloBytes: Uint8Array): Uint8Array {
  return keyedDigest(invitation, 'invitation', helloBytes);
}

/** The MAC of FINISH under k3. 32 bytes. */
export function finishMac(
  key: Uint8Array,
  th: Uint8Array,
  header: Uint8Array,
  reveal: Uint8Array
): Uint8Array {
  return keyedDigest(key, 'finish', th, header, reveal);
}

/** The MAC of READY under k4; it covers the whole FINISH, so both stream headers are confirmed. 32 bytes. */
export function readyMac(
  key: Uint8Array,
  th: Uint8Array,
  finish: Uint8Array,
  header: Uint8Array
): Uint8Array {
  return keyedDigest(key, 'ready', th, finish, header);
}

/** 8 bytes that say to which session and direction a sealed frame belongs. Public, as th is. */
export function sessionTag(th: Uint8Array, direction: 'to-counsellor' | 'to-visitor'): Uint8Array {
  return digest(`tag ${direction}`, th).slice(0, 8);
}
