import { beforeAll, describe, expect, test } from 'vitest';
import { newEpochKey } from '#shared/crypto/blind-clip.ts';
import {
  createOrganisationKey,
  issueCertificate,
  type CertificateRole,
  type OrganisationKey
} from '#shared/crypto/certificate.ts';
import { acceptedEpochs, epochOf, isAcceptedEpoch } from '#shared/crypto/clip-epoch.ts';
import { checkManifest, signManifest, type ServiceKey } from '#shared/crypto/clip-manifest.ts';

const now = Date.UTC(2026, 10, 21);
const key = (epoch: number) => ({ epoch, publicKey: newEpochKey().publicKey });
const keys = [key(2025), key(2026), key(2027)];
const day = 86_400_000;
let organisation: OrganisationKey;
let server: ServiceKey;

/** A key of a server, for which an organisation vouches. */
async function aServiceKey(
  root: OrganisationKey,
  change: { role?: CertificateRole; notBefore?: number; expires?: number } = {}
): Promise<ServiceKey> {
  const { secretKey, publicKey } = await createOrganisationKey();
  const certificate = await issueCertificate({
    organisationSecretKey: root.secretKey,
    role: 'service',
    publicKey,
    notBefore: now - day,
    expires: now + 100 * day,
    ...change
  });
  return { secretKey, certificate };
}

beforeAll(async () => {
  organisation = await createOrganisationKey();
  server = await aServiceKey(organisation);
});

const sign = (made = keys, service = 'frirum', signer = server) =>
  signManifest(signer, service, made);
const check = (bytes: Uint8Array, change: { now?: number; service?: string } = {}) =>
  checkManifest(bytes, {
    organisationKey: organisation.publicKey,
    service: 'frirum',
    now,
    ...change
  });

describe('the signed keys of the epochs', () => {
  test('let the two of this year and the last through', () => {
    expect(check(sign())).toEqual({ kind: 'valid', keys: keys.slice(0, 2) });
  });

  test('go on with the year: the key signed ahead becomes live, the oldest ends', () => {
    const checked = check(sign(), { now: Date.UTC(2027, 0, 1) });
    expect(checked).toEqual({ kind: 'valid', keys: keys.slice(1) });
  });

  test('are refused when another signed them, or nobody', async () => {
    const refused = { kind: 'refused', refusal: 'bad-signature' };
    const other = await aServiceKey(await createOrganisationKey());
    expect(check(sign(keys, 'frirum', other))).toEqual(refused);
    const borrowed = { ...other, certificate: server.certificate };
    expect(check(sign(keys, 'frirum', borrowed))).toEqual(refused);
    const signed = sign();
    for (let at = 1 + 6; at < signed.length; at += 1) {
      const changed = signed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(check(changed).kind).toBe('refused');
    }
  });

  test.each([
    ['a counsellor', { role: 'counsellor', expires: now + day }, 'wrong-role'],
    [
      'a key that was vouched for until yesterday',
      { notBefore: now - 9 * day, expires: now - day },
      'expired'
    ],
    ['a key that is vouched for from tomorrow', { notBefore: now + day }, 'not-yet-valid']
  ] as const)('are refused when %s signed them', async (_, change, refusal) => {
    const signer = await aServiceKey(organisation, change);
    expect(check(sign(keys, 'frirum', signer))).toEqual({ kind: 'refused', refusal });
  });

  test('are refused when the root key signed them itself', () => {
    const { secretKey } = organisation;
    const signer = { secretKey, certificate: server.certificate };
    expect(check(sign(keys, 'frirum', signer)).kind).toBe('refused');
  });

  test('are refused for another service', () => {
    expect(check(sign(keys, 'another'))).toEqual({ kind: 'refused', refusal: 'wrong-service' });
  });

  test('are refused when a year has two, so that nobody can be given one of their own', () => {
    const twice = sign([key(2026), key(2026)]);
    expect(check(twice)).toEqual({ kind: 'refused', refusal: 'two-keys' });
    const four = sign([2024, 2025, 2026, 2027].map(key));
    expect(check(four)).toEqual({ kind: 'refused', refusal: 'two-keys' });
  });

  test('are refused when cut, empty, or no elements', () => {
    const signed = sign();
    for (const bytes of [new Uint8Array(), signed.slice(1), signed.slice(0, -1)])
      expect(check(bytes).kind).toBe('refused');
    const identity = sign([{ epoch: 2026, publicKey: new Uint8Array(32) }]);
    expect(check(identity)).toEqual({ kind: 'refused', refusal: 'malformed' });
  });
});

test('an epoch is a year; this one and the last are accepted', () => {
  expect(epochOf(Date.UTC(2026, 11, 31, 23, 59, 59, 999))).toBe(2026);
  expect(epochOf(Date.UTC(2027, 0, 1))).toBe(2027);
  expect(acceptedEpochs(now)).toEqual([2026, 2025]);
  expect([2024, 2025, 2026, 2027].map((epoch) => isAcceptedEpoch(epoch, now))).toEqual([
    false,
    true,
    true,
    false
  ]);
});
