import { describe, expect, it } from 'vitest';
import { readCertificate } from '#shared/crypto/certificate.ts';
import { joinBytes, labelled } from '#shared/crypto/fields.ts';
import { writeRosterBody } from '#shared/crypto/roster-body.ts';
import type { Member } from '#shared/crypto/roster.ts';
import { sodium } from '#shared/crypto/sodium.ts';
import {
  accepted,
  aCounsellorMember,
  aMember,
  aRoster,
  conversation,
  keyIdBehind,
  noHash,
  refusalOf,
  theNext,
  twoPeople,
  type Key
} from './signed-roster.ts';
import { aCounsellorKey, flipBit, NOW, organisation } from './two-parties.ts';

/** A first roster of a counsellor with this key and a young person. */
const rosterOf = (key: Key) => aRoster(key, [aCounsellorMember(key), aMember('visitor')]);

describe('a signer whose certificate is not good is refused as', () => {
  const cases: [string, () => Promise<Key>][] = [
    [
      'self-signed',
      async () => {
        const key = await aCounsellorKey();
        const { publicKey, privateKey: organisationSecretKey } = key.pair;
        const own = await aCounsellorKey({ publicKey, organisationSecretKey });
        return { ...key, certificate: own.certificate };
      }
    ],
    [
      'bad-signature',
      () => certifiedWith({ organisationSecretKey: sodium.crypto_sign_keypair().privateKey })
    ],
    ['expired', () => certifiedWith({ expires: NOW - 1 })],
    ['not-yet-valid', () => certifiedWith({ notBefore: NOW + 1 })],
    ['wrong-role', () => certifiedWith({ role: 'lead' })]
  ];

  it.each(cases)('%s', async (refusal, make) =>
    expect(refusalOf(await rosterOf(await make()))).toBe(refusal)
  );

  it('revoked', async () => {
    const key = await certifiedWith({});
    const serial = readCertificate(key.certificate)?.serial ?? '';
    const bytes = await rosterOf(key);
    expect(refusalOf(bytes, { revokedSerials: [serial] })).toBe('revoked');
    expect(refusalOf(bytes, { revokedSerials: ['00'.repeat(16)] })).toBe('accepted');
  });

  it('malformed-certificate', async () => {
    const key = await aCounsellorKey();
    const bytes = await rosterOf({ ...key, certificate: new Uint8Array(145) });
    expect(refusalOf(bytes)).toBe('malformed-certificate');
  });

  it('of another organisation', async () => {
    const organisationKey = sodium.crypto_sign_keypair().publicKey;
    const bytes = await rosterOf(await aCounsellorKey());
    expect(refusalOf(bytes, { organisationKey })).toBe('bad-signature');
  });

  /** A counsellor's key under a certificate that the test changes. */
  async function certifiedWith(change: Parameters<typeof aCounsellorKey>[0]): Promise<Key> {
    const key = await aCounsellorKey();
    const other = await aCounsellorKey({ publicKey: key.pair.publicKey, ...change });
    return { ...key, certificate: other.certificate };
  }
});

describe('a forged roster', () => {
  it('is refused with any one bit flipped', async () => {
    const { bytes, first } = await twoPeople();
    for (let bit = 0; bit < bytes.length * 8; bit += 1)
      for (const known of [null, first])
        expect([
          'malformed',
          'malformed-certificate',
          'wrong-role',
          'self-signed',
          'bad-signature'
        ]).toContain(refusalOf(flipBit(bytes, bit), { known }));
  });

  it('with the certificate of a counsellor and the signature of somebody else is refused', async () => {
    const [key, other] = [await aCounsellorKey(), await aCounsellorKey()];
    expect(refusalOf(await rosterOf({ ...key, sign: other.sign }))).toBe('bad-signature');
  });

  it('that the key of the organisation itself has signed is refused', async () => {
    const sign = async (bytes: Uint8Array) =>
      sodium.crypto_sign_detached(bytes, organisation.secretKey);
    expect(refusalOf(await rosterOf({ ...(await aCounsellorKey()), sign }))).toBe('bad-signature');
  });

  it('is refused when the key signed the same bytes for another purpose', async () => {
    const key = await aCounsellorKey();
    const members = [aCounsellorMember(key), aMember('visitor')];
    const { certificate } = key;
    const body = writeRosterBody({
      conversation,
      epoch: 1,
      previous: noHash,
      members,
      certificate
    });
    for (const label of ['frirum reply v1', 'frirum certificate v1', ''])
      expect(refusalOf(joinBytes(body, await key.sign(labelled(label, body))))).toBe(
        'bad-signature'
      );
    expect(refusalOf(joinBytes(body, await key.sign(body)))).toBe('bad-signature');
    const right = await key.sign(labelled('frirum roster v1', body));
    expect(refusalOf(joinBytes(body, right))).toBe('accepted');
  });

  it('by a counsellor who is not in the conversation is refused', async () => {
    const { first } = await twoPeople();
    const stranger = await aCounsellorKey();
    const withMe = [...first.members, aCounsellorMember(stranger)];
    for (const members of [first.members, withMe])
      expect(refusalOf(await theNext(first, stranger, members), { known: first })).toBe(
        'signer-not-a-member'
      );
  });

  it('by a counsellor who leaves themselves out of the first is refused', async () => {
    const [key, other] = [await aCounsellorKey(), await aCounsellorKey()];
    const members = [aCounsellorMember(other), aMember('visitor')];
    expect(refusalOf(await aRoster(key, members))).toBe('signer-not-a-member');
  });

  it('by somebody who is in the conversation under another role is refused', async () => {
    // Without a certificate there is nothing to sign with: the closest is a foreign counsellor's.
    const { first } = await twoPeople();
    const stranger = await aCounsellorKey();
    const guest = { role: 'guest', keyId: keyIdBehind(stranger) } as const;
    const known = { ...first, members: [...first.members, guest] };
    expect(refusalOf(await theNext(first, stranger), { known })).toBe('signer-not-a-member');
  });

  it('by another counsellor than the one it came from is refused as the first', async () => {
    const { bytes, first, key } = await twoPeople();
    const met = keyIdBehind(await aCounsellorKey());
    expect(refusalOf(bytes, { expectedSigner: met })).toBe('unexpected-signer');
    // Later ones are judged by the roster that is known.
    const second = await theNext(first, key);
    expect(refusalOf(second, { known: first, expectedSigner: met })).toBe('accepted');
  });

  it('of another conversation is refused', async () => {
    const { bytes } = await twoPeople();
    const elsewhere = sodium.randombytes_buf(16);
    expect(refusalOf(bytes, { conversation: elsewhere })).toBe('other-conversation');
  });
});

describe('the history of rosters', () => {
  it('does not roll back', async () => {
    const { key, bytes, first } = await twoPeople();
    const nextBytes = await theNext(first, key, [...first.members, aMember('parent')]);
    const second = accepted(nextBytes, { known: first });
    const third = accepted(await theNext(second, key), { known: second });
    expect(refusalOf(bytes, { known: second })).toBe('rolled-back');
    expect(refusalOf(bytes, { known: third })).toBe('rolled-back');
    expect(refusalOf(nextBytes, { known: third })).toBe('rolled-back');
  });

  it('does not fork: another roster of the same number is refused', async () => {
    const { key, first, counsellor, visitor } = await twoPeople();
    const toOne = await theNext(first, key, [...first.members, aMember('parent')]);
    const toOther = await theNext(first, key, [counsellor, visitor]);
    const known = accepted(toOne, { known: first });
    expect(refusalOf(toOther, { known })).toBe('forked');
  });

  it('does not fork: what follows another roster is refused', async () => {
    const { key, first } = await twoPeople();
    const oneSide = accepted(await theNext(first, key), { known: first });
    const withParent = [...first.members, aMember('parent')];
    const otherSide = accepted(await theNext(first, key, withParent), { known: first });
    const third = await theNext(otherSide, key);
    expect(refusalOf(third, { known: oneSide })).toBe('forked');
    expect(refusalOf(third, { known: otherSide })).toBe('accepted');
  });

  it('shows a fork that began before one of two came: their hashes differ', async () => {
    const { key, first } = await twoPeople();
    const parent = aMember('parent');
    const hidden = accepted(await theNext(first, key, [...first.members, aMember('guest')]));
    const [one, other] = [accepted(await theNext(first, key)), hidden];
    const members = [...first.members, parent];
    const seenByOne = accepted(await theNext(one, key, members));
    const seenByOther = accepted(await theNext(other, key, members));
    expect(seenByOne).toMatchObject({ epoch: seenByOther.epoch, members: seenByOther.members });
    expect(seenByOne.hash).not.toEqual(seenByOther.hash);
  });

  it('is not skipped', async () => {
    const { key, first } = await twoPeople();
    const second = accepted(await theNext(first, key), { known: first });
    const third = await theNext(second, key);
    expect(refusalOf(third, { known: first })).toBe('skipped');
    expect(refusalOf(third, { known: second })).toBe('accepted');
  });

  it.each([
    ['no number', { epoch: 0 }],
    ['a first one that follows another', { previous: new Uint8Array(32).fill(1) }],
    ['a later one that follows none', { epoch: 2 }]
  ])('has no roster with %s', async (_what, change) => {
    const { key, first } = await twoPeople();
    expect(refusalOf(await aRoster(key, first.members, change))).toBe('malformed');
  });
});

describe('who may be in a roster', () => {
  const three = [aMember('parent'), aMember('interpreter'), aMember('guest')];
  const visitor = aMember('visitor');
  const cases: [string, string, (counsellor: Member) => Member[]][] = [
    ['five', 'too-many-members', () => [visitor, ...three]],
    ['a counsellor and a parent', 'no-visitor', () => three.slice(0, 1)],
    ['a counsellor alone', 'no-visitor', () => []],
    ['two young people', 'doubled-member', () => [visitor, aMember('visitor')]],
    ['one id twice', 'doubled-member', ({ id }) => [visitor, { ...aMember('guest'), id }]],
    [
      'one counsellor twice',
      'doubled-member',
      (counsellor) => [visitor, { ...counsellor, id: sodium.randombytes_buf(16) }]
    ]
  ];

  it.each(cases)('%s: %s', async (_who, refusal, othersThan) => {
    const key = await aCounsellorKey();
    const counsellor = aCounsellorMember(key);
    const members = [counsellor, ...othersThan(counsellor)];
    expect(refusalOf(await aRoster(key, members))).toBe(refusal);
  });

  it('two counsellors, a young person and a parent are four, which is not too many', async () => {
    const [key, other] = [await aCounsellorKey(), await aCounsellorKey()];
    const members = [
      aCounsellorMember(key),
      aCounsellorMember(other),
      aMember('visitor'),
      aMember('parent')
    ];
    expect(refusalOf(await aRoster(key, members))).toBe('accepted');
  });

  it.each([
    ['a counsellor without a key', { role: 'counsellor', keyId: new Uint8Array(16) } as const],
    ['a parent with one', { role: 'parent', keyId: new Uint8Array(16).fill(1) } as const]
  ])('%s is malformed', async (_who, change) => {
    const { key, first } = await twoPeople();
    const members = [...first.members, { ...aMember('guest'), ...change }];
    expect(refusalOf(await aRoster(key, members))).toBe('malformed');
  });

  it('a name that is no text is malformed', async () => {
    const key = await aCounsellorKey();
    const members = [aCounsellorMember(key), aMember('visitor', 'xy')];
    const { certificate } = key;
    const body = writeRosterBody({
      conversation,
      epoch: 1,
      previous: noHash,
      members,
      certificate
    });
    body.set([0xc3, 0x28], body.length - 2);
    const signature = await key.sign(labelled('frirum roster v1', body));
    expect(refusalOf(joinBytes(body, signature))).toBe('malformed');
  });
});
