import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ownCertificate, requestCertificate } from '#shared/counsellor/calls.ts';
import {
  deliverCertificate,
  listCertificateRequests,
  listTeam,
  revokeCertificate,
  suspendPerson,
  type CertificateRequest
} from '#shared/counsellor/team-calls.ts';
import {
  checkCertificate,
  createOrganisationKey,
  issueCertificate,
  type CertificateRole
} from '#shared/crypto/certificate.ts';
import { checkManifest } from '#shared/crypto/clip-manifest.ts';
import { clipKeysPath, service } from '#shared/klippekort/service.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { openSetUp, serviceKeyPath } from '#server/setup/organisation.ts';
import { openDurable } from '#tests/support/durable.ts';
import { aVisitor, connect, everybodyLeaves, valueOf } from '#tests/support/people.ts';
import { aTeam, day, type Team } from './a-team.ts';

let team: Team;
let mikkel: Awaited<ReturnType<Team['member']>>;
let key: string;
beforeAll(async () => {
  team = await aTeam();
  mikkel = await team.member('Mikkel');
});
beforeEach(async () => {
  key = toBase64Url((await createOrganisationKey()).publicKey);
});
afterAll(async () => {
  await everybodyLeaves(team.app);
  await team.stop();
});

/** The base point of ristretto255 (RFC 9496, A.1). */
const anElement = new Uint8Array(
  Buffer.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76', 'hex')
);
const refused = (refusal: string) => ({ ok: false, refusal });
const requests = async () =>
  (await valueOf(team.lead.desk.ask(listCertificateRequests, {}))).requests;
const requestFor = async (publicKey: string): Promise<CertificateRequest> => {
  const found = (await requests()).find((one) => one.publicKey === publicKey);
  if (!found) throw new Error('there is no such request');
  return found;
};
const deliver = (id: string, certificate: Uint8Array) =>
  team.lead.desk.ask(deliverCertificate, { id, certificate: toBase64Url(certificate) });
const revokedList = async () =>
  (await (await fetch(`${team.app.origin}/certificates/revoked`)).json()) as { serials: string[] };
const certificateOf = async (id: string) =>
  (await valueOf(team.lead.desk.ask(listTeam, {}))).people.find((one) => one.id === id)
    ?.certificate;

describe('a certificate', () => {
  test('is waited for, signed by the lead, and told', async () => {
    const { desk, id } = mikkel;
    expect(await desk.ask(ownCertificate, { publicKey: key })).toEqual(refused('no-certificate'));
    const leadHears = team.lead.desk.hears('team:changed');
    expect(await desk.ask(requestCertificate, { publicKey: key })).toEqual(
      refused('certificate-awaited')
    );
    await leadHears;
    // Asking again is the same request.
    await desk.ask(requestCertificate, { publicKey: key });
    expect(await desk.ask(ownCertificate, { publicKey: key })).toEqual(
      refused('certificate-awaited')
    );
    const mine = (await requests()).filter((one) => one.publicKey === key);
    expect(mine).toEqual([
      expect.objectContaining({
        account: id,
        shownName: 'Mikkel',
        role: 'counsellor',
        days: 30,
        isRenewal: false
      })
    ]);
    expect(await certificateOf(id)).toEqual({ state: 'awaited', expiresDay: null, serial: null });

    const signed = desk.hears('counsellor:certificate-signed');
    const request = await requestFor(key);
    expect(await deliver(request.id, await team.sign(request))).toMatchObject({ ok: true });
    await signed;
    const { certificate } = await valueOf(desk.ask(requestCertificate, { publicKey: key }));
    const checked = checkCertificate(fromBase64Url(certificate) ?? new Uint8Array(), {
      organisationKey: team.rootKey.subarray(32),
      role: 'counsellor',
      now: team.clock.now()
    });
    expect(checked.kind).toBe('valid');
    expect(await certificateOf(id)).toMatchObject({ state: 'valid' });
    expect(await requests()).toEqual([]);
  });

  test('is asked for anew in its last seven days, while the old one is still good', async () => {
    const { desk, id } = await team.member('Asta');
    await desk.ask(requestCertificate, { publicKey: key });
    const request = await requestFor(key);
    await valueOf(deliver(request.id, await team.sign({ ...request, days: 7 })));
    const states = async () => [(await requests()).length, (await certificateOf(id))?.state];
    const first = await valueOf(desk.ask(ownCertificate, { publicKey: key }));
    expect(await states()).toEqual([0, 'expiring']);
    const old = await valueOf(desk.ask(requestCertificate, { publicKey: key }));
    expect(old.certificate).toBe(first.certificate);
    const renewal = await requestFor(key);
    expect(renewal.isRenewal).toBe(true);
    await valueOf(deliver(renewal.id, await team.sign(renewal)));
    const next = await valueOf(desk.ask(requestCertificate, { publicKey: key }));
    expect(next.certificate).not.toBe(first.certificate);
    expect(await states()).toEqual([0, 'valid']);
  });

  test('of at most five devices is waited for at once', async () => {
    const { desk, id } = await team.member('Vera');
    for (let n = 0; n < 8; n += 1) {
      const { publicKey } = await createOrganisationKey();
      await desk.ask(requestCertificate, { publicKey: toBase64Url(publicKey) });
    }
    expect((await requests()).filter(({ account }) => account === id)).toHaveLength(5);
  });

  test('of an interpreter says so', async () => {
    const tolk = await team.member('Tolk', 'interpreter');
    await tolk.desk.ask(requestCertificate, { publicKey: key });
    const request = await requestFor(key);
    expect(request.role).toBe('interpreter');
    const asCounsellor = await team.sign({ ...request, role: 'counsellor' });
    expect(await deliver(request.id, asCounsellor)).toEqual(refused('wrong-role'));
    expect(await deliver(request.id, await team.sign(request))).toMatchObject({ ok: true });
  });
});

describe('a certificate that does not fit is refused by name, and the request stays', () => {
  const order = async (change: object) => {
    const request = await requestFor(key);
    return issueCertificate({
      organisationSecretKey: team.rootKey,
      role: 'counsellor',
      publicKey: fromBase64Url(request.publicKey) ?? new Uint8Array(),
      notBefore: team.clock.now(),
      ...change
    });
  };
  const other = () => createOrganisationKey();
  const now = () => Date.now();

  test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
    ['bad-certificate', () => new Uint8Array(145)],
    ['bad-certificate', async () => (await order({})).slice(1)],
    ['other-organisation', async () => order({ organisationSecretKey: (await other()).secretKey })],
    [
      'other-organisation',
      async () => {
        const certificate = await order({});
        const last = certificate.length - 1;
        certificate[last] = (certificate[last] ?? 0) ^ 1;
        return certificate;
      }
    ],
    ['wrong-role', () => order({ role: 'lead' satisfies CertificateRole })],
    ['wrong-role', () => order({ role: 'service' satisfies CertificateRole })],
    ['wrong-key', async () => order({ publicKey: (await other()).publicKey })],
    ['wrong-time', () => order({ notBefore: now() - 20 * day, expires: now() - 1000 })],
    ['wrong-time', () => order({ notBefore: now() + day })]
  ])('%s', async (refusal, make) => {
    await mikkel.desk.ask(requestCertificate, { publicKey: key });
    const { id } = await requestFor(key);
    expect(await deliver(id, await make())).toEqual(refused(refusal));
    // The lead's clock is a minute ahead.
    const good = await order({ notBefore: now() + 60_000 });
    expect(await deliver(id, good)).toMatchObject({ ok: true });
    expect(await deliver(id, good)).toEqual(refused('unknown-request'));
  });
});

describe('a revoked certificate', () => {
  test('is on the public list, and everybody hears of it', async () => {
    const ida = await team.member('Ida');
    await team.certify(ida);
    const { serial } = (await certificateOf(ida.id)) ?? {};
    expect((await revokedList()).serials).not.toContain(serial);
    const visitor = await aVisitor(team.app);
    const heard = visitor.hears('counsellor:certificates-revoked');
    const cut = ida.desk.hears('disconnect');
    const lead = await team.freshLead();
    await valueOf(lead.ask(revokeCertificate, { serial: serial ?? '' }));
    expect(await heard).toEqual({ serials: [serial] });
    await cut;
    expect((await revokedList()).serials).toContain(serial);
    expect((await certificateOf(ida.id))?.state).toBe('revoked');
    expect(await lead.ask(revokeCertificate, { serial: serial ?? '' })).toEqual(
      refused('unknown-certificate')
    );
    // The account is not suspended: it may sign in and ask for another.
    expect((await team.signIn(ida.passkey)).status).toBe(204);
  });

  test('is one of everything a suspended person had', async () => {
    const per = await team.member('Per');
    await team.certify(per);
    await team.certify(per);
    const lead = await team.freshLead();
    const before = (await revokedList()).serials.length;
    await valueOf(lead.ask(suspendPerson, { id: per.id }));
    expect((await revokedList()).serials.length).toBe(before + 2);
  });

  test('leaves the list when it would have ended anyway', async () => {
    expect((await revokedList()).serials.length).toBeGreaterThan(0);
    team.clock.ahead = 31 * day;
    expect(await revokedList()).toEqual({ serials: [] });
    team.clock.ahead = 0;
  });

  test('is told to whoever asks, without a cookie, and is good for ten seconds', async () => {
    const answer = await fetch(`${team.app.origin}/certificates/revoked`);
    expect(answer.headers.get('cache-control')).toBe('private, max-age=10');
    expect(answer.headers.has('set-cookie')).toBe(false);
  });
});

test("the keys of the klippekort are signed by the server's key, which the lead renews", async () => {
  const manifest = async () => {
    const answer = await fetch(`${team.app.origin}${clipKeysPath}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const organisationKey = team.rootKey.subarray(32);
    const at = (now: number) => checkManifest(bytes, { organisationKey, service, now }).kind;
    return { today: at(team.clock.now()), later: at(team.clock.now() + 60 * day) };
  };
  const forService = async () => (await requests()).find(({ role }) => role === 'service');
  expect(await manifest()).toMatchObject({ today: 'valid' });
  expect(await forService()).toBeUndefined();
  // A session ends long before a key does: the lead comes anew.
  team.clock.ahead = 345 * day;
  const lead = await connect(team.app, {
    cookie: team.cookieOf(await team.signIn(team.lead.passkey)),
    as: 'staff'
  });
  team.lead.desk = lead;
  expect(await manifest()).toEqual({ today: 'valid', later: 'refused' });
  const request = await forService();
  if (!request) throw new Error('the lead is not asked');
  expect(request).toMatchObject({ account: null, days: 400, shownName: 'Ungecentret' });
  // Another machine, with its copy of the key: as it stands beside this one, and as it starts later.
  const machine = mkdtempSync(join(tmpdir(), 'frirum-node-'));
  copyFileSync(serviceKeyPath(team.app.data), serviceKeyPath(machine));
  const store = await openDurable(team.app.data);
  const stored = await store.organisation();
  if (!stored) throw new Error('nothing is set up');
  const aNode = () => openSetUp(machine, stored, store.certificates);
  const beside = await aNode();
  expect(await beside.serviceKeyToRenew(team.clock.now())).toHaveLength(32);

  const key = { ...request, role: 'counsellor', days: 30 } as const;
  expect(await deliver(request.id, await team.sign(key))).toEqual(refused('wrong-role'));
  expect(await deliver(request.id, await team.sign(request))).toMatchObject({ ok: true });
  expect(await forService()).toBeUndefined();
  expect(await manifest()).toEqual({ today: 'valid', later: 'valid' });
  expect(await deliver(request.id, await team.sign(request))).toEqual(refused('unknown-request'));

  for (const node of [beside, await aNode()]) {
    expect(await node.serviceKeyToRenew(team.clock.now())).toBeNull();
    const check = { organisationKey: team.rootKey.subarray(32), service };
    const keys = [{ epoch: new Date(team.clock.now()).getUTCFullYear(), publicKey: anElement }];
    const bytes = await node.signClipKeys(service, keys);
    const signed = checkManifest(bytes, { ...check, now: team.clock.now() + 60 * day });
    expect(signed.kind).toBe('valid');
  }
  await store.close();
  rmSync(machine, { recursive: true });
});
