import {
  bodyLayout,
  certificateLayout,
  roleBytes,
  roleOf,
  signedCertificate,
  type CertificateRole
} from './certificate-layout.ts';
import { digest, sameBytes } from './digest.ts';
import { layoutBytes, readFields, readU64, writeFields, writeU64 } from './fields.ts';
import { loadSodium, sodium } from './sodium.ts';

export type { CertificateRole };

export type Certificate = {
  role: CertificateRole;
  /** 16 bytes, see keyIdOf. */
  keyId: Uint8Array;
  /** Ed25519, 32 bytes. */
  publicKey: Uint8Array;
  /** Milliseconds since 1970, first and last moment of validity. */
  notBefore: number;
  expires: number;
  /** 16 bytes as 32 hexadecimal digits: what a list of revoked certificates holds. */
  serial: string;
};

export type CertificateRefusal =
  | 'malformed'
  | 'self-signed'
  | 'bad-signature'
  | 'wrong-role'
  | 'revoked'
  | 'not-yet-valid'
  | 'expired';

export const CERTIFICATE_BYTES = layoutBytes(certificateLayout);

/** Ed25519 (RFC 8032): the public half is built into the client, the secret half stays offline. */
export type OrganisationKey = { publicKey: Uint8Array; secretKey: Uint8Array };

const DAY = 24 * 60 * 60 * 1000;
/** A client learns of a revocation from a server that may withhold it, so validity is short. */
export const LONGEST_VALIDITY = 30 * DAY;
/** The service's key is used by the server alone, and no client is asked to trust its word on a person. */
const LONGEST_SERVICE_VALIDITY = 400 * DAY;
const USUAL_VALIDITY = 14 * DAY;

const longestValidity = (role: CertificateRole): number =>
  role === 'service' ? LONGEST_SERVICE_VALIDITY : LONGEST_VALIDITY;

/** The first 16 bytes of BLAKE2b-256 over the labelled public key: a name for a key. */
export function keyIdOf(publicKey: Uint8Array): Uint8Array {
  return digest('frirum key id v1', publicKey).slice(0, 16);
}

/** A new organisation key: 32 public and 64 secret bytes. @throws SodiumCannotLoad */
export async function createOrganisationKey(): Promise<OrganisationKey> {
  await loadSodium();
  const { publicKey, privateKey } = sodium.crypto_sign_keypair();
  return { publicKey, secretKey: privateKey };
}

/**
 * Sign a certificate over `publicKey` (Ed25519, 32 bytes): CERTIFICATE_BYTES on the wire.
 * Times in milliseconds since 1970; `expires` is 14 days after `notBefore` unless given.
 * @throws RangeError when it would be valid for no time, or for more than 30 days (400 for a service).
 */
export async function issueCertificate(order: {
  organisationSecretKey: Uint8Array;
  role: CertificateRole;
  publicKey: Uint8Array;
  notBefore: number;
  expires?: number;
}): Promise<Uint8Array> {
  await loadSodium();
  const { role, publicKey, notBefore, expires = notBefore + USUAL_VALIDITY } = order;
  if (expires <= notBefore || expires - notBefore > longestValidity(role))
    throw new RangeError('a certificate is valid for at most 30 days, a service for 400');
  const body = writeFields(bodyLayout, {
    role: Uint8Array.of(roleBytes[role]),
    keyId: keyIdOf(publicKey),
    publicKey,
    notBefore: writeU64(notBefore),
    expires: writeU64(expires),
    serial: sodium.randombytes_buf(16)
  });
  const signature = sodium.crypto_sign_detached(
    signedCertificate(body),
    order.organisationSecretKey
  );
  return writeFields(certificateLayout, { body, signature });
}

/**
 * Decide whether a certificate may be trusted now. Needs loadSodium first. Our design, Ed25519 by
 * RFC 8032; `now` in milliseconds since 1970, `revokedSerials` as in Certificate.serial.
 */
export function checkCertificate(
  bytes: Uint8Array,
  trust: {
    organisationKey: Uint8Array;
    role: CertificateRole;
    now: number;
    revokedSerials?: readonly string[] | undefined;
  }
): { kind: 'valid'; certificate: Certificate } | { kind: 'refused'; refusal: CertificateRefusal } {
  const refused = (refusal: CertificateRefusal) => ({ kind: 'refused', refusal }) as const;

  const outer = readFields(certificateLayout, bytes);
  const certificate = readCertificate(bytes);
  if (!outer || !certificate) return refused('malformed');

  const isSignedBy = (key: Uint8Array) =>
    sodium.crypto_sign_verify_detached(outer.signature, signedCertificate(outer.body), key);
  if (!isSignedBy(trust.organisationKey))
    return refused(isSignedBy(certificate.publicKey) ? 'self-signed' : 'bad-signature');

  if (certificate.role !== trust.role) return refused('wrong-role');
  if (trust.revokedSerials?.includes(certificate.serial)) return refused('revoked');
  if (trust.now < certificate.notBefore) return refused('not-yet-valid');
  if (trust.now > certificate.expires) return refused('expired');
  return { kind: 'valid', certificate };
}

/** What a certificate claims, not yet whether it is true. @returns undefined when malformed. */
export function readCertificate(bytes: Uint8Array): Certificate | undefined {
  const outer = readFields(certificateLayout, bytes);
  const body = outer && readFields(bodyLayout, outer.body);
  if (!body) return undefined;
  const role = roleOf(body.role);
  const notBefore = readU64(body.notBefore);
  const expires = readU64(body.expires);
  if (role === undefined || notBefore === undefined || expires === undefined) return undefined;
  if (expires <= notBefore || expires - notBefore > longestValidity(role)) return undefined;
  if (!sameBytes(body.keyId, keyIdOf(body.publicKey))) return undefined;
  const { keyId, publicKey } = body;
  return { role, keyId, publicKey, notBefore, expires, serial: sodium.to_hex(body.serial) };
}
