import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOrganisationKey, issueCertificate } from '#shared/crypto/certificate.ts';
import { certificateKeyId } from '#shared/crypto/certificate-key-id.ts';
import { openRoster, signRoster, type Member } from '#shared/crypto/roster.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { Keys } from '../../web/keys/keys.ts';
import { isOverAfter } from '../../web/roster/one-less.ts';
import { readLink, roomIn, writeLink } from '../../web/roster/link.ts';
import { Rosters } from '../../web/roster/rosters.ts';

const conversation = new Uint8Array(16).fill(3);
const now = Date.now();
let organisation: Awaited<ReturnType<typeof createOrganisationKey>>;
let keys: Keys;
let counsellor: Member;
const visitor: Member = { id: id(1), role: 'visitor', name: '', keyId: new Uint8Array(16) };
const parent: Member = { id: id(3), role: 'parent', name: 'Mor', keyId: new Uint8Array(16) };

function id(byte: number): Uint8Array {
  return new Uint8Array(16).fill(byte);
}

beforeAll(async () => {
  organisation = await createOrganisationKey();
  const own = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', own.publicKey));
  const certificate = await issueCertificate({
    organisationSecretKey: organisation.secretKey,
    role: 'counsellor',
    publicKey,
    notBefore: now - 1000
  });
  const keyId = certificateKeyId(certificate);
  counsellor = { id: id(2), role: 'counsellor', name: 'Mikkel', keyId };
  const sign = async (bytes: Uint8Array) =>
    new Uint8Array(await crypto.subtle.sign('Ed25519', own.privateKey, new Uint8Array(bytes)));
  keys = {
    signRoster: async (order: Parameters<Keys['signRoster']>[0]) => ({
      kind: 'signed',
      bytes: await signRoster({ ...order, certificate, sign })
    }),
    openRoster: async (bytes: Uint8Array, trust: Parameters<Keys['openRoster']>[1]) =>
      openRoster(bytes, { ...trust, now })
  } as Keys;
});
beforeEach(() => {
  const dataset = { organisation: Buffer.from(organisation.publicKey).toString('hex') };
  vi.stubGlobal('document', { documentElement: { dataset } });
  vi.stubGlobal('fetch', async () => Response.json({ serials: [] }));
});
afterEach(() => vi.unstubAllGlobals());

/** Signs, opens and takes a roster; what it was refused as, or `accepted`. */
async function next(rosters: Rosters, members: readonly Member[], by = rosters): Promise<string> {
  const bytes = (await by.sign(members, conversation, keys)) ?? new Uint8Array(0);
  const opened = await rosters.open(bytes, conversation, keys, counsellor.keyId);
  if (opened.kind === 'accepted') rosters.accept(opened.roster, bytes);
  return opened.kind === 'accepted' ? 'accepted' : opened.refusal;
}

describe('the rosters of a page', () => {
  test('follow each other, and are told again to who joined with one of them', async () => {
    const rosters = new Rosters(null);
    expect(await next(rosters, [visitor, counsellor, parent])).toBe('accepted');
    expect(await next(rosters, [visitor, counsellor])).toBe('accepted');
    expect(rosters.epoch).toBe(2);
    expect(rosters.since(1)).toHaveLength(2);
    expect(rosters.since(2)).toHaveLength(1);
  });

  test('two that differ at the same number contradict each other, before and after a reload', async () => {
    const mine = new Rosters(null);
    const theirs = new Rosters(null);
    await next(mine, [visitor, counsellor, parent]);
    await next(theirs, [visitor, counsellor, { ...parent, name: 'En anden' }]);
    const { known } = theirs;
    if (!known) throw new Error('no roster');
    expect(mine.contradicts(known)).toBe(true);
    expect(theirs.contradicts(known)).toBe(false);
    expect(new Rosters(mine.known).contradicts(known)).toBe(true);
    // One that is ahead contradicts nothing yet.
    await next(theirs, [visitor, counsellor]);
    expect(mine.contradicts(theirs.known ?? known)).toBe(false);
    expect(await next(mine, [visitor, counsellor], theirs)).toBe('skipped');
  });

  test('a page that was reloaded takes nothing older and nothing from another line', async () => {
    const before = new Rosters(null);
    await next(before, [visitor, counsellor, parent]);
    const [first = new Uint8Array(0)] = before.since(1);
    await next(before, [visitor, counsellor]);
    const after = new Rosters(before.known);
    const opened = await after.open(first, conversation, keys, null);
    expect(opened).toMatchObject({ kind: 'refused', refusal: 'rolled-back' });
    const fork = new Rosters(null);
    await next(fork, [visitor, counsellor, { ...parent, name: 'Far' }]);
    await next(fork, [visitor, counsellor, parent]);
    expect(await next(after, [visitor, counsellor, parent], fork)).toBe('forked');
  });

  test('the first one comes from the counsellor of the session, and keeps no name', async () => {
    const rosters = new Rosters(null);
    const bytes = (await rosters.sign([visitor, counsellor], conversation, keys)) ?? id(0);
    const opened = await rosters.open(bytes, conversation, keys, id(9));
    expect(opened).toMatchObject({ kind: 'refused', refusal: 'unexpected-signer' });
    await next(rosters, [visitor, counsellor, parent]);
    expect(JSON.stringify(rosters.known)).not.toMatch(/Mor|Mikkel/);
  });
});

describe('one pair less', () => {
  const base = {
    how: 'by-other',
    side: 'third',
    isFirst: false,
    isResting: false,
    iAmCounsellor: false,
    left: { all: 2, others: 1 }
  } as const;

  test.each([
    ['a third leaves', {}, 'one-less'],
    ['the visitor says goodbye', { side: 'visitor' }, 'over'],
    [
      'the line to the visitor is lost, others are there',
      { side: 'visitor', how: 'lost' },
      'one-less'
    ],
    ['the room of the visitor is closed', { side: 'visitor', how: 'lost', isFirst: true }, 'over'],
    ['the last counsellor goes', { side: 'counsellor', left: { all: 1, others: 0 } }, 'over'],
    ['one of two counsellors goes', { side: 'counsellor' }, 'one-less'],
    ['a colleague goes, for a counsellor', { side: 'counsellor', iAmCounsellor: true }, 'one-less'],
    ['nobody is left', { left: { all: 0, others: 0 }, iAmCounsellor: true }, 'over'],
    ['the page goes on in another tab', { how: 'elsewhere' }, 'over'],
    [
      'who has left says goodbye',
      { side: 'counsellor', isFirst: true, isResting: true },
      'nothing'
    ],
    ['the room itself is closed', { how: 'lost', isFirst: true, isResting: true }, 'over']
  ] as const)('%s', (_, change, after) => {
    expect(isOverAfter({ ...base, ...change })).toBe(after);
  });
});

test('a link is read as it was written, and says which room it leads to', () => {
  const room = Buffer.alloc(16, 7);
  const right = Buffer.concat([Buffer.from([2, 0]), room, Buffer.alloc(56, 1)]);
  const secret = new Uint8Array(32).fill(5);
  const invitation = { secret, capability: right.toString('base64url'), interprets: null };
  const link = writeLink('https://frirum.example/en/chat', invitation);
  expect(readLink(link)).toEqual(invitation);
  for (const interprets of [[], ['ar', 'da', 'en']] as const) {
    const asked = { ...invitation, interprets };
    expect(readLink(writeLink('https://frirum.example/en/chat', asked))).toEqual(asked);
  }
  expect(readLink(`${link}.interpreter-xx-<b>-tr`)?.interprets).toEqual(['tr']);
  expect(roomIn(invitation.capability)).toBe(toBase64Url(room));
  for (let cut = 1; cut < 60; cut += 1) {
    const read = readLink(link.slice(0, -cut));
    expect(read === null || read.capability !== invitation.capability).toBe(true);
  }
});
