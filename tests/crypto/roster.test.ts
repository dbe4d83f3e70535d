import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LONGEST_NAME,
  readRosterBody,
  writeRosterBody,
  type MemberRole
} from '#shared/crypto/roster-body.ts';
import { CERTIFICATE_BYTES } from '#shared/crypto/certificate.ts';
import { openRoster } from '#shared/crypto/roster.ts';
import { sodium } from '#shared/crypto/sodium.ts';
import {
  accepted,
  aCounsellorMember,
  aMember,
  aRoster,
  conversation,
  keyIdBehind,
  noHash,
  open,
  refusalOf,
  theNext,
  twoPeople
} from './signed-roster.ts';
import { aCounsellorKey, NOW, organisation } from './two-parties.ts';

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const isUsed = (bytes: Uint8Array) => bytes.some((byte) => byte !== 0);

const anyMember = fc
  .tuple(
    bytesOf(16),
    fc.constantFrom<MemberRole>('visitor', 'parent', 'interpreter', 'counsellor', 'guest'),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    bytesOf(16).filter(isUsed)
  )
  .filter(([, , name]) => new TextEncoder().encode(name).length <= LONGEST_NAME)
  .map(([id, role, name, keyId]) => {
    return { id, role, name, keyId: role === 'counsellor' ? keyId : new Uint8Array(16) };
  });

const anyBody = fc.record({
  conversation: bytesOf(16),
  epoch: fc.integer({ min: 2, max: 0xffffffff }),
  previous: bytesOf(32).filter(isUsed),
  certificate: bytesOf(CERTIFICATE_BYTES),
  members: fc.array(anyMember, { maxLength: 6 })
});

describe('the body of a roster', () => {
  it('comes back as it was written', () =>
    fc.assert(
      fc.property(anyBody, (body) => {
        expect(readRosterBody(writeRosterBody(body))).toEqual(body);
      })
    ));

  it('is written in one way only: what can be read is what would be written', () =>
    fc.assert(
      fc.property(anyBody, fc.nat(), fc.nat(255), (body, at, byte) => {
        const bytes = writeRosterBody(body);
        bytes[at % bytes.length] = byte;
        const read = readRosterBody(bytes);
        if (read) expect(writeRosterBody(read)).toEqual(bytes);
      }),
      { numRuns: 1000 }
    ));

  it('is not read when it is cut or goes on', () =>
    fc.assert(
      fc.property(anyBody, fc.nat(), fc.uint8Array({ minLength: 1 }), (body, cut, more) => {
        const bytes = writeRosterBody(body);
        expect(readRosterBody(bytes.subarray(0, cut % bytes.length))).toBeUndefined();
        expect(readRosterBody(Uint8Array.of(...bytes, ...more))).toBeUndefined();
      })
    ));

  it('keeps a name as it is, with a mark of byte order in it and letters from anywhere', async () => {
    const { key, first } = await twoPeople();
    const names = ['\uFEFFMor', 'Søs 👩🏽‍👧', 'أمي'];
    for (const name of names) {
      const bytes = await theNext(first, key, [...first.members, aMember('parent', name)]);
      expect(accepted(bytes).members[2]?.name).toBe(name);
    }
  });

  it('is not written with a name, a number or a key that does not fit', () => {
    const body = { conversation, epoch: 1, previous: noHash, certificate: new Uint8Array(145) };
    const named = (name: string) => writeRosterBody({ ...body, members: [aMember('guest', name)] });
    expect(() => named('å'.repeat(LONGEST_NAME / 2))).not.toThrow();
    expect(() => named('å'.repeat(LONGEST_NAME / 2) + 'x')).toThrow(RangeError);
    expect(() => writeRosterBody({ ...body, members: [], epoch: 2 ** 32 })).toThrow(RangeError);
    expect(() => writeRosterBody({ ...body, members: [], previous: new Uint8Array(31) })).toThrow(
      'previous'
    );
  });
});

describe('a roster', () => {
  it('is accepted by everybody in it, with the people and the signer', async () => {
    const { key, counsellor, visitor, bytes } = await twoPeople();
    const opened = open(bytes, { expectedSigner: keyIdBehind(key) });
    expect(opened).toMatchObject({
      kind: 'accepted',
      isNew: true,
      roster: { epoch: 1, members: [counsellor, visitor], signedBy: keyIdBehind(key) }
    });
    expect(accepted(bytes).hash).toHaveLength(32);
  });

  it('of four with the longest names is at most 718 bytes', async () => {
    const key = await aCounsellorKey();
    const name = 'n'.repeat(LONGEST_NAME);
    const others = ['visitor', 'parent', 'interpreter'] as const;
    const members = [aCounsellorMember(key, name), ...others.map((role) => aMember(role, name))];
    const bytes = await aRoster(key, members);
    expect(bytes.length).toBe(718);
    expect(accepted(bytes).members).toEqual(members);
  });

  it('follows the one before: somebody comes, and somebody goes', async () => {
    const { key, first, counsellor, visitor } = await twoPeople();
    const parent = aMember('parent', 'Mor');
    const second = accepted(await theNext(first, key, [...first.members, parent]), {
      known: first
    });
    expect(second.members).toEqual([counsellor, visitor, parent]);
    const third = accepted(await theNext(second, key, [counsellor, visitor]), { known: second });
    expect(third).toMatchObject({ epoch: 3, members: [counsellor, visitor] });
    expect(new Set([first, second, third].map(({ hash }) => String(hash))).size).toBe(3);
  });

  it('that is known already is accepted again and changes nothing', async () => {
    const { bytes, first, key } = await twoPeople();
    expect(open(bytes, { known: first })).toEqual({
      kind: 'accepted',
      roster: first,
      isNew: false
    });
    // Also the one with which its signer went.
    const other = await aCounsellorKey();
    const both = [...first.members, aCounsellorMember(other)];
    const second = accepted(await theNext(first, key, both), { known: first });
    const left = both.filter(({ keyId }) => String(keyId) !== String(keyIdBehind(key)));
    const goodbye = await theNext(second, key, left);
    const third = accepted(goodbye, { known: second });
    expect(open(goodbye, { known: third })).toMatchObject({ kind: 'accepted', isNew: false });
  });

  it('is signed by the second counsellor after the first has handed over and gone', async () => {
    const { key, first, visitor } = await twoPeople();
    const other = await aCounsellorKey();
    const colleague = aCounsellorMember(other, 'Sanne');
    const both = accepted(await theNext(first, key, [...first.members, colleague]), {
      known: first
    });
    const alone = accepted(await theNext(both, other, [colleague, visitor]), { known: both });
    expect(alone.signedBy).toEqual(keyIdBehind(other));
    expect(refusalOf(await theNext(alone, key), { known: alone })).toBe('signer-not-a-member');
  });

  it('is judged by a memory that holds no names', async () => {
    const { key, first } = await twoPeople();
    const known = {
      epoch: first.epoch,
      hash: first.hash,
      members: first.members.map(({ role, keyId }) => ({ role, keyId }))
    };
    expect(open(await theNext(first, key), { known })).toMatchObject({ kind: 'accepted' });
  });

  it('is accepted by a newcomer at whatever epoch, from the counsellor they met', async () => {
    const { key, first } = await twoPeople();
    const bytes = await theNext(first, key, [...first.members, aMember('guest', 'Far')]);
    expect(accepted(bytes, { expectedSigner: keyIdBehind(key) }).epoch).toBe(2);
  });

  it('is signed by a key that WebCrypto holds and does not give away', async () => {
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('no pair');
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const key = await aCounsellorKey({ publicKey });
    const sign = async (bytes: Uint8Array) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, bytes.slice()));
    const own = { ...key, sign, pair: { ...key.pair, publicKey } };
    const members = [aCounsellorMember(own), aMember('visitor')];
    expect(accepted(await aRoster(own, members)).signedBy).toEqual(keyIdBehind(own));
  });

  it('random bytes are refused and never throw', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 800, size: 'max' }), (bytes) => {
        const organisationKey = organisation.publicKey;
        const trust = { organisationKey, now: NOW, conversation, known: null };
        expect(openRoster(bytes, trust)).toEqual({ kind: 'refused', refusal: 'malformed' });
      })
    ));

  it('is not read with a wrong length of anything that was signed over', async () => {
    const { bytes } = await twoPeople();
    for (const other of [bytes.slice(1), bytes.slice(0, -1), Uint8Array.of(...bytes, 0)])
      expect(['malformed', 'bad-signature']).toContain(refusalOf(other));
    expect(refusalOf(sodium.randombytes_buf(64))).toBe('malformed');
  });
});
