import {
  checkCertificate,
  keyIdOf,
  type Certificate,
  type CertificateRefusal
} from './certificate.ts';
import { signedReply, type Hello, type Reply } from './handshake-frames.ts';
import { sodium } from './sodium.ts';

export type ReplyRefusal =
  | 'malformed'
  | 'other-hello'
  | 'malformed-certificate'
  | 'not-signed-by-certificate'
  /** A guest was expected to answer, and somebody with a certificate did. */
  | 'unexpected-certificate'
  | 'not-signed-by-session'
  | Exclude<CertificateRefusal, 'malformed'>;

/** By what a visitor knows that a counsellor answers. */
export type OrganisationTrust = {
  /** Ed25519, 32 bytes. */
  organisationKey: Uint8Array;
  /** Milliseconds since 1970. */
  now: number;
  revokedSerials?: readonly string[] | undefined;
};

/** What of an accepted certificate the page is told. */
export type AcceptedCertificate = Pick<Certificate, 'keyId' | 'serial' | 'role'>;

type Checked =
  | { kind: 'checked'; peerKeyId: Uint8Array; certificate: AcceptedCertificate | undefined }
  | { kind: 'refused'; refusal: ReplyRefusal };

/** That the organisation vouches for the counsellor, who holds the certified key and answers this HELLO. */
export function checkCounsellor(hello: Hello, reply: Reply, trust: OrganisationTrust): Checked {
  const checked = checkCertificate(reply.certificate, { ...trust, role: 'counsellor' });
  if (checked.kind === 'refused') {
    const { refusal } = checked;
    return {
      kind: 'refused',
      refusal: refusal === 'malformed' ? 'malformed-certificate' : refusal
    };
  }
  const { publicKey, keyId, serial, role } = checked.certificate;
  const signed = signedReply('certificate', hello, reply);
  if (!sodium.crypto_sign_verify_detached(reply.signature, signed, publicKey))
    return { kind: 'refused', refusal: 'not-signed-by-certificate' };
  return { kind: 'checked', peerKeyId: keyId, certificate: { keyId, serial, role } };
}

/** That the holder of REPLY's own `sid` (Ed25519) answers this HELLO, and has no certificate. Not who that is. */
export function checkGuest(hello: Hello, reply: Reply): Checked {
  if (!sodium.is_zero(reply.certificate))
    return { kind: 'refused', refusal: 'unexpected-certificate' };
  const signed = signedReply('session', hello, reply);
  if (!sodium.crypto_sign_verify_detached(reply.signature, signed, reply.sid))
    return { kind: 'refused', refusal: 'not-signed-by-session' };
  return { kind: 'checked', peerKeyId: keyIdOf(reply.sid), certificate: undefined };
}
