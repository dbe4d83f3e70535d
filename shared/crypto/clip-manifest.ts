import { ed25519 } from '@noble/curves/ed25519.js';
import { isElement } from './blind-clip.ts';
import { bodyLayout, certificateLayout, roleOf, signedCertificate } from './certificate-layout.ts';
import { isAcceptedEpoch, type Epoch } from './clip-epoch.ts';
import { joinBytes, labelled, layoutBytes, readFields, readU64 } from './fields.ts';

export interface EpochKey {
  readonly epoch: Epoch;
  /** A ristretto255 element, 32 bytes. */
  readonly publicKey: Uint8Array;
}

export type ManifestRefusal =
  | 'malformed'
  | 'bad-signature'
  | 'wrong-role'
  | 'not-yet-valid'
  | 'expired'
  | 'wrong-service'
  | 'two-keys';

const KEY_BYTES = 34;
const CERTIFICATE_BYTES = layoutBytes(certificateLayout);
const SIGNATURE_BYTES = 64;
const TAIL_BYTES = CERTIFICATE_BYTES + SIGNATURE_BYTES;
/** Previous, current, and the next one signed ahead; only two of them are ever live. */
const MOST_KEYS = 3;

/** The key that a server signs with, and what the organisation says about it. */
export interface ServiceKey {
  /** Ed25519 seed and public key, 64 bytes, as createOrganisationKey gives it. */
  readonly secretKey: Uint8Array;
  /** Over the public half, role `service`, as issueCertificate gives it. */
  readonly certificate: Uint8Array;
}

/**
 * The public keys of a service's epochs, signed by the server's key, for which the organisation vouches:
 * u8 service length ‖ service ‖ keys of u16 epoch ‖ 32 bytes, ascending ‖ certificate, 145 bytes ‖ Ed25519
 * signature over all before it, 64 bytes (RFC 8032).
 */
export function signManifest(
  { secretKey, certificate }: ServiceKey,
  service: string,
  keys: readonly EpochKey[]
): Uint8Array {
  const body = joinBytes(writeBody(service, keys), certificate);
  return joinBytes(body, ed25519.sign(signed(body), secretKey.subarray(0, 32)));
}

/**
 * Decide whether these keys are the ones everybody gets: a key that only one visitor is given would
 * be a name. Keys of other years than this and the last are left out.
 * @param now milliseconds since 1970
 */
export function checkManifest(
  bytes: Uint8Array,
  trust: { organisationKey: Uint8Array; service: string; now: number }
): { kind: 'valid'; keys: readonly EpochKey[] } | { kind: 'refused'; refusal: ManifestRefusal } {
  const refused = (refusal: ManifestRefusal) => ({ kind: 'refused', refusal }) as const;
  const certificateAt = Math.max(0, bytes.length - TAIL_BYTES);
  const signatureAt = Math.max(0, bytes.length - SIGNATURE_BYTES);
  const read = readBody(bytes.subarray(0, certificateAt));
  if (!read) return refused('malformed');
  const signer = keyOfService(bytes.subarray(certificateAt, signatureAt), trust);
  if (typeof signer === 'string') return refused(signer);
  const body = bytes.subarray(0, signatureAt);
  if (!isSigned(signed(body), bytes.subarray(signatureAt), signer)) return refused('bad-signature');
  if (read.service !== trust.service) return refused('wrong-service');
  const isAscending = read.keys.every(({ epoch }, at) => epoch > (read.keys[at - 1]?.epoch ?? 0));
  if (!isAscending || read.keys.length > MOST_KEYS) return refused('two-keys');
  return {
    kind: 'valid',
    keys: read.keys.filter(({ epoch }) => isAcceptedEpoch(epoch, trust.now))
  };
}

/** The key that the organisation vouches for, by pages that have no libsodium. */
function keyOfService(
  certificate: Uint8Array,
  { organisationKey, now }: { organisationKey: Uint8Array; now: number }
): Uint8Array | ManifestRefusal {
  const outer = readFields(certificateLayout, certificate);
  const body = outer && readFields(bodyLayout, outer.body);
  if (!body) return 'malformed';
  if (!isSigned(signedCertificate(outer.body), outer.signature, organisationKey))
    return 'bad-signature';
  if (roleOf(body.role) !== 'service') return 'wrong-role';
  if (now < (readU64(body.notBefore) ?? Infinity)) return 'not-yet-valid';
  return now > (readU64(body.expires) ?? 0) ? 'expired' : body.publicKey;
}

const signed = (body: Uint8Array) => labelled('frirum clip keys v2', body);

function isSigned(bytes: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, bytes, key, { zip215: false });
  } catch {
    return false;
  }
}

function writeBody(service: string, keys: readonly EpochKey[]): Uint8Array {
  const name = new TextEncoder().encode(service);
  if (name.length < 1 || name.length > 64) throw new RangeError('service is not 1–64 bytes');
  return joinBytes(
    Uint8Array.of(name.length),
    name,
    ...keys
      .toSorted((one, other) => one.epoch - other.epoch)
      .flatMap(({ epoch, publicKey }) => [Uint8Array.of(epoch >> 8, epoch & 255), publicKey])
  );
}

function readBody(body: Uint8Array): { service: string; keys: EpochKey[] } | null {
  const keysAt = 1 + (body[0] ?? 0);
  const many = (body.length - keysAt) / KEY_BYTES;
  if (keysAt === 1 || !Number.isInteger(many) || many < 1 || many > 8) return null;
  const service = new TextDecoder().decode(body.subarray(1, keysAt));
  const keys = Array.from({ length: many }, (_, index) => {
    const at = keysAt + index * KEY_BYTES;
    const epoch = ((body[at] ?? 0) << 8) | (body[at + 1] ?? 0);
    return { epoch, publicKey: body.slice(at + 2, at + KEY_BYTES) };
  });
  return keys.every(({ publicKey }) => isElement(publicKey)) ? { service, keys } : null;
}
