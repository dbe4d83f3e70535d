import { type CertificateRefusal, checkCertificate } from './certificate.ts';
import { digest, sameBytes, wipe } from './digest.ts';
import { readFields, writeFields } from './fields.ts';
import {
  finishLayout,
  helloBeforeAuth,
  helloLayout,
  readyLayout,
  replyLayout,
  signedReply,
  VERSION,
  type Hello
} from './handshake-frames.ts';
import {
  commitTo,
  continuityMac,
  deriveKeys,
  finishMac,
  readyMac,
  sessionTag,
  shortCodeOf,
  transcript,
  type SessionKeys
} from './key-schedule.ts';
import { createSession, type Session } from './session.ts';
import { sodium } from './sodium.ts';
import { createOpener, createSealer, type Sealer } from './stream.ts';

export type ReplyRefusal =
  | 'malformed'
  | 'other-hello'
  | 'malformed-certificate'
  | 'not-signed-by-certificate'
  | Exclude<CertificateRefusal, 'malformed'>;

/** HELLO is out, REPLY is awaited. Holds the X-Wing secret and rI. */
export type Offer = {
  hello: Hello;
  helloBytes: Uint8Array;
  secretKey: Uint8Array;
  reveal: Uint8Array;
  resumeKey: Uint8Array | undefined;
};

/** FINISH is out, READY is awaited. */
export type Finishing = {
  finishBytes: Uint8Array;
  th: Uint8Array;
  keys: SessionKeys;
  sealer: Sealer;
  shortCode: string;
  resumed: boolean;
  peerKeyId: Uint8Array;
};

/** HELLO for `room` (16 bytes); with `resumeKey` (k6 of the session before, 32 bytes) it carries the continuity MAC. */
export function offerHello(room: Uint8Array, resumeKey?: Uint8Array): Offer {
  const kem = sodium.crypto_kem_xwing_keypair();
  const session = sodium.crypto_sign_keypair();
  // Between two nobody signs with the session id; it names the visitor in this one conversation.
  wipe(session.privateKey);
  const reveal = sodium.randombytes_buf(32);
  const fields = {
    version: Uint8Array.of(VERSION),
    room,
    publicKey: kem.publicKey,
    sid: session.publicKey,
    nonce: sodium.randombytes_buf(32),
    commitment: commitTo(reveal),
    bind: new Uint8Array(32)
  };
  const hello = {
    ...fields,
    auth: resumeKey ? continuityMac(resumeKey, helloBeforeAuth(fields)) : new Uint8Array(32)
  };
  return {
    hello,
    helloBytes: writeFields(helloLayout, hello),
    secretKey: kem.privateKey,
    reveal,
    resumeKey: resumeKey?.slice()
  };
}

/**
 * Check REPLY: that it answers this HELLO, that the organisation vouches for the counsellor, and that
 * the counsellor holds that key. Only then is anything made of it. The offer stays usable when refused.
 */
export function acceptReply(
  offer: Offer,
  replyBytes: Uint8Array,
  trust: {
    organisationKey: Uint8Array;
    now: number;
    revokedSerials?: readonly string[] | undefined;
  }
): { kind: 'accepted'; finishing: Finishing } | { kind: 'refused'; refusal: ReplyRefusal } {
  const reply = readFields(replyLayout, replyBytes);
  if (!reply) return { kind: 'refused', refusal: 'malformed' };
  if (!sameBytes(reply.hello, digest('hello', offer.helloBytes)))
    return { kind: 'refused', refusal: 'other-hello' };

  const checked = checkCertificate(reply.certificate, { ...trust, role: 'counsellor' });
  if (checked.kind === 'refused') {
    const { refusal } = checked;
    return {
      kind: 'refused',
      refusal: refusal === 'malformed' ? 'malformed-certificate' : refusal
    };
  }
  const { publicKey, keyId } = checked.certificate;
  const signed = signedReply(offer.hello, reply);
  if (!sodium.crypto_sign_verify_detached(reply.signature, signed, publicKey))
    return { kind: 'refused', refusal: 'not-signed-by-certificate' };

  const th = transcript(reply);
  const sharedSecret = sodium.crypto_kem_xwing_dec(reply.ciphertext, offer.secretKey);
  const keys = deriveKeys(sharedSecret, th, offer.resumeKey);
  const sealer = createSealer(keys.toCounsellor, th);
  const finishBytes = writeFields(finishLayout, {
    header: sealer.header,
    reveal: offer.reveal,
    mac: finishMac(keys.confirmVisitor, th, sealer.header, offer.reveal)
  });
  const shortCode = shortCodeOf(keys.shortCode, offer.reveal);
  const resumed = offer.resumeKey !== undefined;
  wipe(keys.toCounsellor, keys.confirmVisitor, keys.shortCode);
  return {
    kind: 'accepted',
    finishing: { finishBytes, th, keys, sealer, shortCode, resumed, peerKeyId: keyId }
  };
}

/** Check READY. The finishing stays usable when refused: a forged READY costs nothing. */
export function confirmReady(
  finishing: Finishing,
  readyBytes: Uint8Array
):
  | { kind: 'confirmed'; session: Session }
  | { kind: 'refused'; refusal: 'malformed' | 'bad-confirmation' } {
  const ready = readFields(readyLayout, readyBytes);
  if (!ready) return { kind: 'refused', refusal: 'malformed' };
  const { th, keys, finishBytes, sealer, shortCode, resumed, peerKeyId } = finishing;
  const mac = readyMac(keys.confirmCounsellor, th, finishBytes, ready.header);
  if (!sameBytes(ready.mac, mac)) return { kind: 'refused', refusal: 'bad-confirmation' };

  const opener = createOpener(ready.header, keys.toVisitor, th);
  wipe(keys.toVisitor, keys.confirmCounsellor);
  const session = createSession({
    shortCode,
    resumeKey: keys.resume,
    resumed,
    peerKeyId,
    sealer,
    opener,
    tagOut: sessionTag(th, 'to-counsellor'),
    tagIn: sessionTag(th, 'to-visitor')
  });
  return { kind: 'confirmed', session };
}

export function forgetOffer(offer: Offer): void {
  wipe(offer.secretKey, offer.reveal);
  if (offer.resumeKey) wipe(offer.resumeKey);
}

export function forgetFinishing(finishing: Finishing): void {
  finishing.sealer.forget();
  wipe(...Object.values(finishing.keys));
}
