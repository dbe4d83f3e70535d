import { keyIdOf } from './certificate.ts';
import { digest, sameBytes, wipe } from './digest.ts';
import { readFields, writeFields } from './fields.ts';
import {
  finishLayout,
  helloBeforeAuth,
  helloBeforeBind,
  helloLayout,
  NO_CERTIFICATE,
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
import { createOpener, createSealer } from './stream.ts';

export type HelloRefusal =
  | 'malformed'
  | 'unsupported-version'
  | 'wrong-room'
  | 'not-the-same-visitor'
  | 'cannot-resume'
  | 'not-invited';
export type FinishRefusal = 'malformed' | 'bad-confirmation' | 'swapped-reveal';

/** Ed25519 by RFC 8032, 64 bytes. May be a WebCrypto key that never leaves the browser. */
export type Sign = (bytes: Uint8Array) => Promise<Uint8Array>;

/** A counsellor's certificate (as issueCertificate makes it) and the key that it names. */
export type Certified = { certificate: Uint8Array; sign: Sign };

/** REPLY is out, FINISH is awaited. */
export type Answer = {
  helloBytes: Uint8Array;
  replyBytes: Uint8Array;
  commitment: Uint8Array;
  visitorKeyId: Uint8Array;
  th: Uint8Array;
  keys: SessionKeys;
  /** The key of `resumeKeys` under which the continuity MAC was right, the same object. */
  resumedFrom: Uint8Array | undefined;
};

/**
 * Answer HELLO.
 *
 * A counsellor that knows resume keys accepts nobody but the visitor that knows one of them: a HELLO
 * with another or no continuity MAC is `not-the-same-visitor`. One that knows none accepts a new
 * visitor, and says `cannot-resume` to a visitor that wants to continue. When there is an invitation,
 * a new one is accepted with its MAC alone, else it is `not-invited`; a HELLO that continues carries
 * none, for the session it continues from began with the invitation.
 *
 * Without `certified` a guest answers: REPLY holds zeros for the certificate and is signed by its `sid`.
 */
export async function answerHello(
  helloBytes: Uint8Array,
  own: {
    room: Uint8Array;
    certified: Certified | undefined;
    resumeKeys: readonly Uint8Array[];
    /** 32 bytes. */
    invitation?: Uint8Array | undefined;
  }
): Promise<{ kind: 'answered'; answer: Answer } | { kind: 'refused'; refusal: HelloRefusal }> {
  const hello = readFields(helloLayout, helloBytes);
  if (!hello) return { kind: 'refused', refusal: 'malformed' };
  if (hello.version[0] !== VERSION) return { kind: 'refused', refusal: 'unsupported-version' };
  if (!sameBytes(hello.room, own.room)) return { kind: 'refused', refusal: 'wrong-room' };

  const resumedFrom = own.resumeKeys.find((key) => isContinued(hello, key));
  if (!resumedFrom && own.resumeKeys.length > 0)
    return { kind: 'refused', refusal: 'not-the-same-visitor' };
  if (!resumedFrom && !sodium.is_zero(hello.auth))
    return { kind: 'refused', refusal: 'cannot-resume' };
  const invitation = resumedFrom ? undefined : own.invitation;
  if (invitation && !isInvited(hello, invitation))
    return { kind: 'refused', refusal: 'not-invited' };
  if (!invitation && !sodium.is_zero(hello.bind)) return { kind: 'refused', refusal: 'malformed' };
  const bond = bondOf(resumedFrom, invitation);
  // Nothing at all would say who two guests without a bond are.
  if (!own.certified && !bond) return { kind: 'refused', refusal: 'not-invited' };

  const encapsulated = encapsulate(hello.publicKey);
  if (!encapsulated) return { kind: 'refused', refusal: 'malformed' };
  const session = sodium.crypto_sign_keypair();
  const unsigned = {
    hello: digest('hello', helloBytes),
    ciphertext: encapsulated.ciphertext,
    sid: session.publicKey,
    nonce: sodium.randombytes_buf(32),
    certificate: own.certified?.certificate ?? NO_CERTIFICATE
  };
  const signature = own.certified
    ? await own.certified.sign(signedReply('certificate', hello, unsigned))
    : sodium.crypto_sign_detached(signedReply('session', hello, unsigned), session.privateKey);
  wipe(session.privateKey);
  const reply = { ...unsigned, signature };
  const th = transcript(reply);
  const answer = {
    helloBytes: helloBytes.slice(),
    replyBytes: writeFields(replyLayout, reply),
    commitment: hello.commitment,
    visitorKeyId: keyIdOf(hello.sid),
    th,
    keys: deriveKeys(encapsulated.sharedSecret, th, bond),
    resumedFrom
  };
  return { kind: 'answered', answer };
}

/** Check FINISH and make READY. The answer stays usable when refused: a forged FINISH costs nothing. */
export function confirmFinish(
  answer: Answer,
  finishBytes: Uint8Array
):
  | { kind: 'confirmed'; session: Session; readyBytes: Uint8Array }
  | { kind: 'refused'; refusal: FinishRefusal } {
  const finish = readFields(finishLayout, finishBytes);
  if (!finish) return { kind: 'refused', refusal: 'malformed' };
  const { th, keys } = answer;
  const mac = finishMac(keys.confirmVisitor, th, finish.header, finish.reveal);
  if (!sameBytes(finish.mac, mac)) return { kind: 'refused', refusal: 'bad-confirmation' };
  // The visitor itself may not choose the short code after it has seen REPLY.
  if (!sameBytes(commitTo(finish.reveal), answer.commitment))
    return { kind: 'refused', refusal: 'swapped-reveal' };

  const sealer = createSealer(keys.toVisitor, th);
  const readyBytes = writeFields(readyLayout, {
    header: sealer.header,
    mac: readyMac(keys.confirmCounsellor, th, finishBytes, sealer.header)
  });
  const session = createSession({
    shortCode: shortCodeOf(keys.shortCode, finish.reveal),
    resumeKey: keys.resume,
    resumed: answer.resumedFrom !== undefined,
    peerKeyId: answer.visitorKeyId,
    sealer,
    opener: createOpener(finish.header, keys.toCounsellor, th),
    tagOut: sessionTag(th, 'to-visitor'),
    tagIn: sessionTag(th, 'to-counsellor')
  });
  wipe(keys.toVisitor, keys.toCounsellor, keys.confirmVisitor);
  wipe(keys.confirmCounsellor, keys.shortCode);
  return { kind: 'confirmed', session, readyBytes };
}

export function forgetAnswer(answer: Answer): void {
  wipe(...Object.values(answer.keys));
}

function isContinued(hello: Hello, resumeKey: Uint8Array): boolean {
  return sameBytes(hello.auth, continuityMac(resumeKey, helloBeforeAuth(hello)));
}

function isInvited(hello: Hello, invitation: Uint8Array): boolean {
  return sameBytes(hello.bind, invitationMac(invitation, helloBeforeBind(hello)));
}

function bondOf(
  resumeKey: Uint8Array | undefined,
  invitation: Uint8Array | undefined
): Bond | undefined {
  if (resumeKey) return { by: 'resume-key', key: resumeKey };
  return invitation && { by: 'invitation', key: invitation };
}

/** libsodium refuses a public key whose ML-KEM half is not reduced, or whose X25519 half is of small order. */
function encapsulate(publicKey: Uint8Array) {
  try {
    return sodium.crypto_kem_xwing_enc(publicKey);
  } catch {
    return undefined;
  }
}
