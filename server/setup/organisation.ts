import { join } from 'node:path';
import { certificateTerms } from '#shared/counsellor/terms.ts';
import { readCertificate, type CertificateRole } from '#shared/crypto/certificate.ts';
import { signManifest, type EpochKey } from '#shared/crypto/clip-manifest.ts';
import { loadSodium } from '#shared/crypto/sodium.ts';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { Certificates, StoredOrganisation } from '#server/store/durable/staff.ts';
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
  signClipKeys(service: string, keys: readonly EpochKey[]): Promise<Uint8Array>;
  /** The service's key, 32 bytes, when the lead should sign a new certificate for it; else null. */
  serviceKeyToRenew(now: number): Promise<Uint8Array | null>;
  /** Puts a certificate that was checked in the place of the old one, at every node. */
  renewServiceKey(certificate: Uint8Array): Promise<void>;
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

/**
 * The organisation that `npm run init` has written down. What is said about the service's key later is in
 * the store: each node reads it there, whichever of them it was told to.
 * @throws CannotStart when its parts do not fit
 */
export async function openSetUp(
  folder: string,
  stored: StoredOrganisation,
  certificates: Pick<Certificates, 'ofService' | 'renewService'>
): Promise<Organisation> {
  await loadSodium();
  const path = serviceKeyPath(folder);
  const file = readKeyFile(path, 'without one, cards cannot be given.');
  if (!file)
    throw new CannotStart(`Frirum cannot start: ${path} is missing. Put a copy of it back.`);
  const { secretKey, lines } = file;
  const publicKey = secretKey.slice(32);
  let certificate: Uint8Array = new Uint8Array(Buffer.from(lines[0] ?? '', 'hex'));
  const read = readCertificate(certificate);
  if (!read || Buffer.compare(read.publicKey, publicKey) !== 0)
    throw new CannotStart(`Frirum cannot start: ${path} is damaged. Put a copy of it back.`);
  let { expires } = read;
  const take = (said: Uint8Array) => {
    const end = readCertificate(said)?.expires ?? 0;
    if (end > expires) [certificate, expires] = [said, end];
  };
  /** A store that is away has said nothing new. */
  const lookAgain = async () => {
    const said = await certificates.ofService(publicKey).catch(() => null);
    if (said) take(said);
  };

  return {
    name: stored.name,
    publicKey: stored.publicKey,
    issue: null,
    async signClipKeys(service, keys) {
      await lookAgain();
      return signManifest({ secretKey, certificate }, service, keys);
    },
    async serviceKeyToRenew(now) {
      await lookAgain();
      return expires - now <= certificateTerms.serviceRenewal ? publicKey : null;
    },
    async renewServiceKey(next) {
      await certificates.renewService(publicKey, next, readCertificate(next)?.expires ?? 0);
      take(new Uint8Array(next));
      try {
        // So that the file is whole by itself where it may be written; the store has it.
        writeServiceKey(folder, secretKey, next);
      } catch {
        // A node on another machine has a copy that it only reads.
      }
    }
  };
}
