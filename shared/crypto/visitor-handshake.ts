import {
  checkCounsellor,
  checkGuest,
  type AcceptedCertificate,
  type OrganisationTrust,
  type ReplyRefusal
} from './check-reply.ts';
import { digest, sameBytes, wipe } from './digest.ts';
import { readFields, writeFields } from './fields.ts';
import {
  finishLayout,
  helloBeforeAuth,
  helloBeforeBind,
  helloLayout,
  readyLayout,
  replyLayout,
  VERSION,
  type Hello
} from './handshake-frames.ts';
import {
  commitTo,
  continuityMac,
  deriveKeys,
  finishMac,
  invitationMac,
  readyMac,
  sessionTag,
  shortCodeOf,
  transcript,
  type Bond,
  type SessionKeys
} from './key-schedule.ts';
import { createSession, type Session } from './session.ts';
import { sodium } from './sodium.ts';
import { createOpener, createSealer, type Sealer } from './stream.ts';

/** HELLO is out, REPLY is awaited. Holds the X-Wing secret and rI. */
export type Offer = {
  hello: Hello;
  helloBytes: Uint8Array;
  secretKey: Uint8Array;
  reveal: Uint8Array;
  bond: Bond | undefined;
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
  certificate: AcceptedCertificate | undefined;
};

/**
 * HELLO for `room` (16 bytes). Bound by a resume key it carries the continuity MAC in `auth`, by an
 * invitation the invitation's MAC in `bind`; the field that is not used is zero.
 */
export function offerHello(room: Uint8Array, bond?: Bond): Offer {
  const kem = sodium.crypto_kem_xwing_keypair();
  const session = sodium.crypto_sign_keypair();
  // The one who asks signs nothing with the session id; it names them in this one conversation.
  wipe(session.privateKey);
  const reveal = sodium.randombytes_buf(32);
  const start = {
    version: Uint8Array.of(VERSION),
    room,
    publicKey: kem.publicKey,
    sid: session.publicKey,
    nonce: sodium.randombytes_buf(32),
    commitment: commitTo(reveal)
  };
  const isInvited = bond?.by === 'invitation';
  const bind = isInvited ? invitationMac(bond.key, helloBeforeBind(start)) : new Uint8Array(32);
  const fields = { ...start, bind };
  const isResumed = bond?.by === 'resume-key';
  const auth = isResumed ? continuityMac(bond.key, helloBeforeAuth(fields)) : new Uint8Array(32);
  const hello = { ...fields, auth };
  return {
    hello,
    helloBytes: writeFields(helloLayout, hello),
    secretKey: kem.privateKey,
    reveal,
    bond: bond && { by: bond.by, key: bond.key.slice() }
  };
}

/**
 * Check REPLY: that it answers this HELLO, that the organisation vouches for the counsellor, and that
 * the counsellor holds that key. Only then is anything made of it. The offer stays usable when refused.
 *
 * With `trust` 'bond' a guest answers: without a certificate, signed by REPLY's own `sid`. That says
 * nothing about who it is; only READY does, whose key needs the bond. @throws without a bond.
 */
export function acceptReply(
  offer: Offer,
  replyBytes: Uint8Array,
  trust: OrganisationTrust | 'bond'
): { kind: 'accepted'; finishing: Finishing } | { kind: 'refused'; refusal: ReplyRefusal } {
  const reply = readFields(replyLayout, replyBytes);
  if (!reply) return { kind: 'refused', refusal: 'malformed' };
  if (!sameBytes(reply.hello, digest('hello', offer.helloBytes)))
    return { kind: 'refused', refusal: 'other-hello' };

  if (trust === 'bond' && !offer.bond) throw new Error('without a bond anybody could answer');
  const checked =
    trust === 'bond' ? checkGuest(offer.hello, reply) : checkCounsellor(offer.hello, reply, trust);
  if (checked.kind === 'refused') return checked;
  const { peerKeyId, certificate } = checked;

  const th = transcript(reply);
  const sharedSecret = sodium.crypto_kem_xwing_dec(reply.ciphertext, offer.secretKey);
  const keys = deriveKeys(sharedSecret, th, offer.bond);
  const sealer = createSealer(keys.toCounsellor, th);
  const finishBytes = writeFields(finishLayout, {
    header: sealer.header,
    reveal: offer.reveal,
    mac: finishMac(keys.confirmVisitor, th, sealer.header, offer.reveal)
  });
  const shortCode = shortCodeOf(keys.shortCode, offer.reveal);
  const resumed = offer.bond?.by === 'resume-key';
  wipe(keys.toCounsellor, keys.confirmVisitor, keys.shortCode);
  return {
    kind: 'accepted',
    finishing: { finishBytes, th, keys, sealer, shortCode, resumed, peerKeyId, certificate }
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
  const { th, keys, finishBytes, sealer, shortCode, resumed, peerKeyId, certificate } = finishing;
  const mac = readyMac(keys.confirmCounsellor, th, finishBytes, ready.header);
  if (!sameBytes(ready.mac, mac)) return { kind: 'refused', refusal: 'bad-confirmation' };

  const opener = createOpener(ready.header, keys.toVisitor, th);
  wipe(keys.toVisitor, keys.confirmCounsellor);
  const session = createSession({
    shortCode,
    resumeKey: keys.resume,
    resumed,
    peerKeyId,
    certificate,
    sealer,
    opener,
    tagOut: sessionTag(th, 'to-counsellor'),
    tagIn: sessionTag(th, 'to-visitor')
  });
  return { kind: 'confirmed', session };
}

export function forgetOffer(offer: Offer): void {
  wipe(offer.secretKey, offer.reveal);
  if (offer.bond) wipe(offer.bond.key);
}

export function forgetFinishing(finishing: Finishing): void {
  finishing.sealer.forget();
  wipe(...Object.values(finishing.keys));
}
