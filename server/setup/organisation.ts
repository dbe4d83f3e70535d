import { join } from 'node:path';
import { certificateTerms } from '#shared/counsellor/terms.ts';
import { readCertificate, type CertificateRole } from '#shared/crypto/certificate.ts';
import { signManifest, type EpochKey } from '#shared/crypto/clip-manifest.ts';
import { loadSodium } from '#shared/crypto/sodium.ts';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { StoredOrganisation } from '#server/store/durable/staff.ts';
import { keyFileOf, readKeyFile } from './key-file.ts';
import { writePrivateFile } from './private-file.ts';

/** Whom this server belongs to, and what can be signed here in its name. */
export interface Organisation {
  readonly name: string;
  /** Ed25519, 32 bytes: what a visitor's client is served with, the only one it accepts. */
  readonly publicKey: Uint8Array;
  /**
   * A certificate over a key (Ed25519, 32 bytes), in force from `now` (milliseconds since 1970). Null
   * outside a try-out: the organisation's secret key is with the lead and was never here.
   */
  readonly issue:
    ((publicKey: Uint8Array, role: CertificateRole, now: number) => Promise<Uint8Array>) | null;
  /** The keys clips are made with, signed: a visitor's device accepts no others. */
  signClipKeys(service: string, keys: readonly EpochKey[]): Uint8Array;
  /** The service's key, 32 bytes, when the lead should sign a new certificate for it; else null. */
  serviceKeyToRenew(now: number): Uint8Array | null;
  /** Puts a certificate that was checked in the place of the old one. */
  renewServiceKey(certificate: Uint8Array): void;
}

const serviceKeyWords = [
  'The key of this Frirum server: it signs the public keys of the klippekort, and nothing else.',
  'Below it stands what the organisation says about it. Keep it with the database.'
];
export const serviceKeyPath = (folder: string): string => join(folder, 'service.key');

/** Writes the service's key and its certificate for this user only. */
export const writeServiceKey = (
  folder: string,
  secretKey: Uint8Array,
  certificate: Uint8Array
): void =>
  writePrivateFile(
    serviceKeyPath(folder),
    `${keyFileOf(serviceKeyWords, secretKey)}${Buffer.from(certificate).toString('hex')}\n`
  );

/** The organisation that `npm run init` has written down. Throws `CannotStart` when its parts do not fit. */
export async function openSetUp(folder: string, stored: StoredOrganisation): Promise<Organisation> {
  await loadSodium();
  const path = serviceKeyPath(folder);
  const file = readKeyFile(path, 'without one, cards cannot be given.');
  if (!file)
    throw new CannotStart(`Frirum cannot start: ${path} is missing. Put a copy of it back.`);
  const { secretKey, lines } = file;
  const publicKey = secretKey.slice(32);
  let certificate = new Uint8Array(Buffer.from(lines[0] ?? '', 'hex'));
  const read = readCertificate(certificate);
  if (!read || Buffer.compare(read.publicKey, publicKey) !== 0)
    throw new CannotStart(`Frirum cannot start: ${path} is damaged. Put a copy of it back.`);
  let { expires } = read;

  return {
    name: stored.name,
    publicKey: stored.publicKey,
    issue: null,
    signClipKeys: (service, keys) => signManifest({ secretKey, certificate }, service, keys),
    serviceKeyToRenew: (now) =>
      expires - now <= certificateTerms.serviceRenewal ? publicKey : null,
    renewServiceKey(next) {
      writeServiceKey(folder, secretKey, next);
      certificate = new Uint8Array(next);
      expires = readCertificate(next)?.expires ?? expires;
    }
  };
}
