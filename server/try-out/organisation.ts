import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  createOrganisationKey,
  issueCertificate,
  type CertificateRole,
  type OrganisationKey
} from '#shared/crypto/certificate.ts';
import { signManifest, type EpochKey } from '#shared/crypto/clip-manifest.ts';
import { CannotStart, codeOf } from '#server/store/durable/cannot-start.ts';
import { writePrivateFile } from './private-file.ts';

const FIRST_LINE =
  '# Frirum organisation key, Ed25519 secret key in hex. Who has it can pose as any counsellor.';

/** The organisation's key of a try-out, and what is signed with it. */
export interface Organisation {
  /** Ed25519, 32 bytes: what a visitor's client is served with, the only one it accepts. */
  readonly publicKey: Uint8Array;
  /** A certificate over a counsellor's key (Ed25519, 32 bytes); `now` in milliseconds since 1970. */
  issue(publicKey: Uint8Array, role: CertificateRole, now: number): Promise<Uint8Array>;
  /** The keys clips are made with, signed: a visitor's device accepts no others. */
  signClipKeys(service: string, keys: readonly EpochKey[]): Uint8Array;
}

/** Loads `organisation.key` from the data folder, or makes it at the first start. */
export async function openOrganisation(folder: string): Promise<Organisation> {
  const path = join(folder, 'organisation.key');
  const key = load(path) ?? (await make(path));
  return {
    publicKey: key.publicKey,
    issue: (publicKey, role, now) =>
      issueCertificate({
        organisationSecretKey: key.secretKey,
        role,
        publicKey,
        notBefore: now
      }),
    signClipKeys: (service, keys) => signManifest(key.secretKey, service, keys)
  };
}

async function make(path: string): Promise<OrganisationKey> {
  const key = await createOrganisationKey();
  writePrivateFile(path, `${FIRST_LINE}\n${Buffer.from(key.secretKey).toString('hex')}\n`);
  return key;
}

function load(path: string): OrganisationKey | null {
  const content = read(path);
  if (content === null) return null;
  const hex = /^#[^\n]*\n([0-9a-f]{128})\n?$/.exec(content)?.[1];
  const secretKey = new Uint8Array(Buffer.from(hex ?? '', 'hex'));
  if (!hex || !isWhole(secretKey)) {
    throw new CannotStart(
      `Frirum cannot start: ${path} is damaged. Put a copy of it back; ` +
        'without one, remove it, and a new key is made that older clients refuse.'
    );
  }
  return { publicKey: secretKey.slice(32), secretKey };
}

function read(path: string): string | null {
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      throw new CannotStart(
        `Frirum cannot start: others on this machine can read ${path}. Run: chmod 600 ${path}`
      );
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof CannotStart) throw error;
    if (codeOf(error) === 'ENOENT') return null;
    throw new CannotStart(
      `Frirum cannot start: ${path} cannot be read (${codeOf(error)}). Let this user read it.`
    );
  }
}

/** PKCS #8 around an Ed25519 seed (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A secret key's second half is the public key of its first. */
function isWhole(secretKey: Uint8Array): boolean {
  const key = Buffer.concat([PKCS8, secretKey.subarray(0, 32)]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').equals(secretKey.subarray(32));
}
