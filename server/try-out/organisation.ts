import { join } from 'node:path';
import { certificateTerms } from '#shared/counsellor/terms.ts';
import {
  createOrganisationKey,
  issueCertificate,
  type OrganisationKey
} from '#shared/crypto/certificate.ts';
import { signManifest } from '#shared/crypto/clip-manifest.ts';
import { keyFileOf, readKeyFile } from '#server/setup/key-file.ts';
import type { Organisation } from '#server/setup/organisation.ts';
import { writePrivateFile } from '#server/setup/private-file.ts';

const DAY = 86_400_000;
const words = [
  'Frirum organisation key, Ed25519 secret key in hex. Who has it can pose as any counsellor.'
];

export const organisationKeyPath = (folder: string): string => join(folder, 'organisation.key');

/**
 * The organisation of a try-out: loads `organisation.key` from the data folder, or makes it at the first
 * start. `now`: milliseconds since 1970.
 */
export async function openTryOut(folder: string, now: number): Promise<Organisation> {
  const path = organisationKeyPath(folder);
  const { publicKey, secretKey } = load(path) ?? (await make(path));
  const service = await createOrganisationKey();
  const certificate = await issueCertificate({
    organisationSecretKey: secretKey,
    role: 'service',
    publicKey: service.publicKey,
    // A visitor's clock may be late.
    notBefore: now - DAY,
    expires: now + (certificateTerms.serviceDays - 1) * DAY
  });
  return {
    name: 'Frirum',
    publicKey,
    issue: (key, role, from) =>
      issueCertificate({
        organisationSecretKey: secretKey,
        role,
        publicKey: key,
        notBefore: from,
        expires: from + certificateTerms.days * DAY
      }),
    signClipKeys: async (name, keys) =>
      signManifest({ secretKey: service.secretKey, certificate }, name, keys),
    serviceKeyToRenew: async () => null,
    async renewServiceKey() {}
  };
}

async function make(path: string): Promise<OrganisationKey> {
  const key = await createOrganisationKey();
  writePrivateFile(path, keyFileOf(words, key.secretKey));
  return key;
}

function load(path: string): OrganisationKey | null {
  const file = readKeyFile(
    path,
    'without one, remove it, and a new key is made that older clients refuse.'
  );
  return file && { publicKey: file.secretKey.slice(32), secretKey: file.secretKey };
}
