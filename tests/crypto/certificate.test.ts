import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CERTIFICATE_BYTES,
  checkCertificate,
  createOrganisationKey,
  issueCertificate,
  LONGEST_VALIDITY,
  readCertificate
} from '#shared/crypto/certificate.ts';
import { labelled } from '#shared/crypto/fields.ts';
import { sodium } from '#shared/crypto/sodium.ts';
import { aCounsellorKey, flipBit, NOW, organisation, replaceAt } from './two-parties.ts';

const DAY = 24 * 60 * 60 * 1000;

function check(bytes: Uint8Array, change: { now?: number; revokedSerials?: string[] } = {}) {
  const trust = { organisationKey: organisation.publicKey, role: 'counsellor', now: NOW } as const;
  const checked = checkCertificate(bytes, { ...trust, ...change });
  return checked.kind === 'valid' ? 'valid' : checked.refusal;
}

describe('a certificate', () => {
  it('is accepted and says what was certified', async () => {
    const { certificate, pair } = await aCounsellorKey();
    expect(certificate.length).toBe(CERTIFICATE_BYTES);
    expect(check(certificate)).toBe('valid');
    expect(readCertificate(certificate)).toMatchObject({
      role: 'counsellor',
      publicKey: pair.publicKey,
      notBefore: NOW - 1000,
      expires: NOW - 1000 + 14 * DAY
    });
  });

  it('comes back as it was issued', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('counsellor', 'lead'),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(4_000_000_000_000),
        fc.integer({ min: 1, max: LONGEST_VALIDITY }),
        async (role, publicKey, notBefore, validity) => {
          const expires = notBefore + validity;
          const order = { role, publicKey, notBefore, expires } as const;
          const { certificate } = await aCounsellorKey(order);
          expect(readCertificate(certificate)).toMatchObject(order);
        }
      )
    ));

  it('is refused when self-signed', async () => {
    const { pair } = await aCounsellorKey();
    const own = await aCounsellorKey({
      publicKey: pair.publicKey,
      organisationSecretKey: pair.privateKey
    });
    expect(check(own.certificate)).toBe('self-signed');
  });

  it('is refused when another organisation signed it', async () => {
    const { secretKey } = await createOrganisationKey();
    const { certificate } = await aCounsellorKey({ organisationSecretKey: secretKey });
    expect(check(certificate)).toBe('bad-signature');
  });

  it('is refused in the role of a lead', async () =>
    expect(check((await aCounsellorKey({ role: 'lead' })).certificate)).toBe('wrong-role'));

  it('is refused before and after its time, and accepted at both ends', async () => {
    const { certificate } = await aCounsellorKey({ notBefore: NOW, expires: NOW + DAY });
    expect(check(certificate, { now: NOW - 1 })).toBe('not-yet-valid');
    expect(check(certificate, { now: NOW })).toBe('valid');
    expect(check(certificate, { now: NOW + DAY })).toBe('valid');
    expect(check(certificate, { now: NOW + DAY + 1 })).toBe('expired');
  });

  it('is refused when revoked', async () => {
    const { certificate } = await aCounsellorKey();
    const serial = readCertificate(certificate)?.serial ?? '';
    expect(serial).toMatch(/^[0-9a-f]{32}$/);
    expect(check(certificate, { revokedSerials: ['00'.repeat(16), serial] })).toBe('revoked');
    expect(check(certificate, { revokedSerials: ['00'.repeat(16)] })).toBe('valid');
  });

  it('is refused with any one bit flipped', async () => {
    const { certificate } = await aCounsellorKey();
    for (let bit = 0; bit < certificate.length * 8; bit += 1)
      expect(['malformed', 'bad-signature']).toContain(check(flipBit(certificate, bit)));
  });

  it('is malformed at any other length, and random bytes never throw', () => {
    expect(check(new Uint8Array(CERTIFICATE_BYTES - 1))).toBe('malformed');
    expect(check(new Uint8Array(CERTIFICATE_BYTES + 1))).toBe('malformed');
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: CERTIFICATE_BYTES, maxLength: CERTIFICATE_BYTES }),
        (bytes) => {
          expect(check(bytes)).not.toBe('valid');
        }
      )
    );
  });

  it('is malformed when its key id names another key, whoever signed it', async () => {
    const [one, other] = [await aCounsellorKey(), await aCounsellorKey()];
    const body = replaceAt(one.certificate, 1, other.certificate.slice(1, 17)).slice(0, -64);
    const signed = labelled('frirum certificate v1', body);
    const signature = sodium.crypto_sign_detached(signed, organisation.secretKey);
    expect(check(Uint8Array.of(...body, ...signature))).toBe('malformed');
  });

  it('is not issued for longer than 30 days', async () => {
    const { publicKey } = sodium.crypto_sign_keypair();
    const order = {
      organisationSecretKey: organisation.secretKey,
      role: 'counsellor',
      publicKey,
      notBefore: NOW
    } as const;
    await expect(issueCertificate({ ...order, expires: NOW + 31 * DAY })).rejects.toThrow('30');
    await expect(issueCertificate({ ...order, expires: NOW })).rejects.toThrow(RangeError);
  });
});
