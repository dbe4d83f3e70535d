import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Durable } from '#server/store/durable/durable.ts';
import type { NewCredentials, StoredAccount } from '#server/store/durable/staff.ts';
import { openDurable } from '#tests/support/durable.ts';

let folder: string;
let store: Durable;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'frirum-durable-'));
  store = await openDurable(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
const reopen = async () => {
  await store.close();
  store = await openDurable(folder);
};

const hash = () => randomBytes(32).toString('hex');
const bytes = (many = 32) => new Uint8Array(randomBytes(many));
/** The same asked so often at once; how often each answer came. */
const atOnce = async <T>(ask: (at: number) => Promise<T>, many = 50) => {
  const answers = await Promise.all(Array.from({ length: many }, (_, at) => ask(at)));
  return (answer: T) => answers.filter((one) => one === answer).length;
};

const somebody = (change: Partial<StoredAccount> = {}): StoredAccount => ({
  id: randomUUID(),
  name: `name-${hash()}`,
  shownName: 'Sofie',
  role: 'counsellor',
  state: 'active',
  password: '$argon2id$',
  totpSecret: null,
  seenDay: null,
  ...change
});
async function added(change: Partial<StoredAccount> = {}): Promise<StoredAccount> {
  const account = somebody(change);
  await store.accounts.add([account]);
  return account;
}
const aSession = (account: string) => ({
  ...{ id: randomUUID(), tokenHash: hash(), account },
  ...{ startedAt: 1_790_000_000_000, seenAt: 1_790_000_000_000, provedAt: null }
});
const aCertificate = (
  account: string,
  change: { expiresAt?: number; publicKey?: Uint8Array } = {}
) => ({
  ...{ serial: randomBytes(16).toString('hex'), account, publicKey: bytes(), bytes: bytes(200) },
  ...{ expiresAt: 1_790_000_000_000, ...change }
});
const aPassword = (): NewCredentials => ({
  password: { hash: '$argon2id$new', totpSecret: 'ABC', step: 7 },
  passkey: null,
  recovery: [bytes(), bytes()]
});

describe('accounts', () => {
  test('come back as they were, after it was opened again, in the order of their names', async () => {
    const [sofie, amina] = [somebody({ shownName: 'Sofie Æ' }), somebody({ shownName: 'Amina' })];
    const invited = somebody({ shownName: 'Bo', name: null, password: null, state: 'invited' });
    await store.accounts.add([sofie, amina, invited]);
    await store.accounts.seen(sofie.id, 20_000);
    await reopen();
    expect(await store.accounts.all()).toEqual([amina, invited, { ...sofie, seenDay: 20_000 }]);
    expect(await store.accounts.named(amina.name ?? '')).toEqual(amina);
    expect(await store.accounts.withId(invited.id)).toEqual(invited);
    expect(await store.accounts.named('nobody')).toBeNull();
    expect(await store.accounts.withId('nobody')).toBeNull();
    expect(await store.accounts.count()).toBe(3);
  });

  test('are added all or none', async () => {
    const sofie = somebody();
    await expect(store.accounts.add([sofie, somebody({ name: sofie.name })])).rejects.toThrow();
    await expect(store.accounts.add([sofie, { ...somebody(), id: sofie.id }])).rejects.toThrow();
    expect(await store.accounts.count()).toBe(0);
    await store.accounts.add([sofie]);
    await expect(
      store.accounts.add([somebody(), somebody({ name: sofie.name })])
    ).rejects.toThrow();
    expect(await store.accounts.count()).toBe(1);
  });

  test('are suspended with all that is theirs, and never the last lead', async () => {
    const [lead, sofie] = [await added({ role: 'lead' }), await added()];
    expect(await store.accounts.suspend(lead.id)).toBe('last-lead');
    const [session, certificate] = [aSession(sofie.id), aCertificate(sofie.id)];
    await store.sessions.add(session);
    await store.certificates.add(certificate);
    await store.certificates.ask({ id: 'r', account: sofie.id, publicKey: bytes() });
    const isSuspended = await atOnce(() => store.accounts.suspend(sofie.id));
    expect([isSuspended('suspended'), isSuspended('not-active')]).toEqual([1, 49]);
    expect(await store.sessions.find(session.id)).toBeNull();
    expect(await store.sessions.withToken(session.tokenHash)).toBeNull();
    expect(await store.certificates.requests()).toEqual([]);
    expect(await store.certificates.revoked(0)).toEqual([certificate.serial]);
    expect(await store.accounts.resume(sofie.id)).toBe('resumed');
    expect(await store.accounts.resume(sofie.id)).toBe('not-suspended');
    expect(await store.accounts.resume('nobody')).toBe('needs-invitation');
    const other = await added({ role: 'lead' });
    const left = await atOnce((at) => store.accounts.suspend(at % 2 ? lead.id : other.id));
    expect(left('suspended')).toBe(1);
  });

  test('use a step and a recovery code up for one asker', async () => {
    const { id } = await added();
    for (const step of [5, 6])
      expect((await atOnce(() => store.accounts.useTotpStep(id, step)))(true)).toBe(1);
    expect(await store.accounts.useTotpStep(id, 5)).toBe(false);
    expect(await store.accounts.useTotpStep('nobody', 9)).toBe(false);
    const codes = [bytes(), bytes(), bytes()];
    await store.accounts.replaceRecoveryCodes(id, codes);
    const [first = bytes()] = codes;
    expect((await atOnce(() => store.accounts.useRecoveryCode(id, first)))(true)).toBe(1);
    expect(await store.accounts.recoveryLeft(id)).toBe(2);
    await store.accounts.replaceRecoveryCodes(id, [bytes()]);
    expect(await store.accounts.useRecoveryCode(id, codes[1] ?? bytes())).toBe(false);
    expect(await store.accounts.recoveryLeft(id)).toBe(1);
  });
});

describe('sessions and passkeys', () => {
  test('are of somebody who is there, and found by their token', async () => {
    const { id } = await added();
    await expect(store.sessions.add(aSession('nobody'))).rejects.toThrow();
    const session = aSession(id);
    await store.sessions.add(session);
    await store.sessions.seen(session.id, 1_790_000_000_005);
    await store.sessions.seen('nobody', 5);
    await reopen();
    const stored = { ...session, seenAt: 1_790_000_000_005 };
    expect(await store.sessions.withToken(session.tokenHash)).toEqual(stored);
    expect(await store.sessions.all()).toEqual([stored]);
    expect(await store.sessions.remove(session.id)).toBe(true);
    expect(await store.sessions.remove(session.id)).toBe(false);
    expect(await store.sessions.withToken(session.tokenHash)).toBeNull();
  });

  test('are renewed for one asker, and the old token is none', async () => {
    const session = aSession((await added()).id);
    await store.sessions.add(session);
    const tokens = Array.from({ length: 50 }, hash);
    const renewed = await atOnce((at) => store.sessions.renew(session, tokens[at] ?? '', 9));
    expect(renewed(true)).toBe(1);
    const now = await store.sessions.find(session.id);
    expect(now).toMatchObject({ seenAt: 9, provedAt: 9 });
    expect(await store.sessions.withToken(session.tokenHash)).toBeNull();
    expect(await store.sessions.withToken(now?.tokenHash ?? '')).toEqual(now);
  });

  test('a passkey is added once, and its counter only grows', async () => {
    const { id: account } = await added();
    const passkey = { id: 'abc', account, publicKey: bytes(77), counter: 4 };
    expect((await atOnce(() => store.passkeys.add(passkey)))(true)).toBe(1);
    await store.passkeys.used('abc', 9);
    await store.passkeys.used('abc', 3);
    expect(await store.passkeys.of(account)).toEqual([{ ...passkey, counter: 9 }]);
    expect(await store.passkeys.find('another')).toBeNull();
  });
});

describe('invitations', () => {
  const invited = () => somebody({ name: null, password: null, state: 'invited' });

  test('are accepted once of fifty at once, and not too late', async () => {
    const [person, late] = [invited(), invited()];
    const [token, lateToken] = [hash(), hash()];
    await store.invitations.invite(person, { tokenHash: token, expiresAt: 100 });
    await store.invitations.invite(late, { tokenHash: lateToken, expiresAt: 100 });
    expect(await store.invitations.open()).toEqual(
      new Map([
        [person.id, 100],
        [late.id, 100]
      ])
    );
    const accepted = await atOnce(() => store.invitations.accept(token, 'sofie', aPassword(), 50));
    expect([accepted('accepted'), accepted('used-invitation')]).toEqual([1, 49]);
    expect(await store.accounts.named('sofie')).toMatchObject({
      ...{ id: person.id, state: 'active', password: '$argon2id$new', totpSecret: 'ABC' }
    });
    expect(await store.accounts.useTotpStep(person.id, 7)).toBe(false);
    expect(await store.accounts.recoveryLeft(person.id)).toBe(2);
    const ask = (name: string, now: number) =>
      store.invitations.accept(lateToken, name, aPassword(), now);
    expect(await ask('sofie', 50)).toBe('name-taken');
    expect(await ask('late', 100)).toBe('expired-invitation');
    expect(await store.invitations.accept(hash(), 'x', aPassword(), 0)).toBe('unknown-invitation');
    expect(await store.invitations.find(token)).toEqual({
      ...{ account: person.id, expiresAt: 100, used: true }
    });
  });

  test('are withdrawn: who never was here is gone, and who was is suspended', async () => {
    const person = invited();
    await store.invitations.invite(person, { tokenHash: hash(), expiresAt: 100 });
    expect(await store.invitations.withdraw(person.id)).toBe('withdrawn');
    expect(await store.accounts.withId(person.id)).toBeNull();
    const sofie = await added();
    expect(await store.invitations.withdraw(sofie.id)).toBe('not-invited');
    await store.passkeys.add({ id: 'k', account: sofie.id, publicKey: bytes(), counter: 0 });
    await store.sessions.add(aSession(sofie.id));
    const [first, second] = [hash(), hash()];
    const reset = (tokenHash: string) =>
      store.invitations.reset(sofie.id, { tokenHash, expiresAt: 100 });
    expect(await reset(first)).toBe('reset');
    expect(await reset(second)).toBe('reset');
    expect(await store.invitations.find(first)).toBeNull();
    expect(await store.passkeys.of(sofie.id)).toEqual([]);
    expect(await store.sessions.all()).toEqual([]);
    expect(await store.accounts.withId(sofie.id)).toMatchObject({
      state: 'invited',
      password: null
    });
    expect(await store.invitations.withdraw(sofie.id)).toBe('withdrawn');
    expect((await store.accounts.withId(sofie.id))?.state).toBe('suspended');
    const lead = await added({ role: 'lead' });
    const again = { tokenHash: hash(), expiresAt: 100 };
    expect(await store.invitations.reset(lead.id, again)).toBe('last-lead');
    expect(await store.invitations.reset('nobody', again)).toBe('unknown-person');
  });
});

describe('certificates', () => {
  test('the one that lasts longest is in force, until it is revoked', async () => {
    const { id } = await added();
    const publicKey = bytes();
    const [short, long] = [5, 9].map((expiresAt) => aCertificate(id, { expiresAt, publicKey }));
    if (!short || !long) throw new Error('two');
    await store.certificates.add(long);
    await store.certificates.add(short);
    await store.certificates.add(aCertificate(id, { expiresAt: 20 }));
    expect((await store.certificates.inForce(id, publicKey, 4))?.serial).toBe(long.serial);
    expect(await store.certificates.inForce(id, publicKey, 9)).toBeNull();
    expect((await store.certificates.all()).map(({ expiresAt }) => expiresAt)).toEqual([5, 9, 20]);
    expect(await store.certificates.revoke({ serial: long.serial })).toEqual([
      { ...long, revoked: true }
    ]);
    expect(await store.certificates.revoke({ serial: long.serial })).toEqual([]);
    expect((await store.certificates.inForce(id, publicKey, 4))?.serial).toBe(short.serial);
    expect(await store.certificates.revoke({ account: id })).toHaveLength(2);
    expect(await store.certificates.revoked(5)).toHaveLength(2);
  });

  test('five requests wait for somebody, the newest; each is answered once', async () => {
    const { id: account } = await added();
    const requests = Array.from({ length: 7 }, (_, at) => ({
      ...{ id: `request-${9 - at}`, account, publicKey: bytes() }
    }));
    for (const request of requests) expect(await store.certificates.ask(request)).toBe(true);
    const last = requests.at(-1);
    if (!last) throw new Error('seven');
    expect(await store.certificates.ask({ ...last, id: 'another' })).toBe(false);
    expect(await store.certificates.requests()).toEqual(requests.slice(2));
    const delivered = await atOnce(() =>
      store.certificates.deliver(last.id, aCertificate(account))
    );
    expect(delivered(true)).toBe(1);
    expect(await store.certificates.all()).toHaveLength(1);
    expect(await store.certificates.requests()).toEqual(requests.slice(2, -1));
  });
});

describe('messages', () => {
  const aMessage = (day = 10) => ({
    ...{ code: bytes(), id: bytes(16), day, sealed: bytes(300), recipient: 'age1pq' }
  });

  test('are left once, answered once, and gone after their day', async () => {
    const [one, other] = [aMessage(), aMessage(11)];
    expect((await atOnce(() => store.messages.leave(one)))(true)).toBe(1);
    await store.messages.leave(other);
    expect(await store.messages.waiting()).toEqual(
      [one, other].map((message) => ({ ...message, answer: null }))
    );
    expect((await atOnce(() => store.messages.answer(one.code, bytes())))(true)).toBe(1);
    expect(await store.messages.answer(bytes(), bytes())).toBe(false);
    expect(await store.messages.waiting()).toEqual([{ ...other, answer: null }]);
    await store.messages.forget(11);
    expect(await store.messages.find(one.code)).toBeNull();
    expect(await store.messages.find(other.code)).toEqual({ ...other, answer: null });
    expect(await store.messages.remove(other.code)).toBe(true);
    expect(await store.messages.remove(other.code)).toBe(false);
    expect(await store.messages.waiting()).toEqual([]);
  });

  test('have so many recipients and no more, each of one person', async () => {
    const staff = await Promise.all(Array.from({ length: 4 }, () => added()));
    const ofPerson = (at: number, recipient = `age1-${at}`) => ({
      ...{ account: staff[at]?.id ?? '', recipient, certificate: bytes(90), signature: bytes(64) }
    });
    const put = await atOnce((at) => store.messages.putRecipient(ofPerson(at), 3), 4);
    expect(put(true)).toBe(3);
    const [first] = await store.messages.recipients();
    const at = staff.findIndex(({ id }) => id === first?.account);
    expect(await store.messages.putRecipient(ofPerson(at, 'age1-new'), 3)).toBe(true);
    const after = await store.messages.recipients();
    expect(after).toHaveLength(3);
    expect(after.at(-1)).toMatchObject({ account: staff[at]?.id, recipient: 'age1-new' });
    // What belongs to another from now on is theirs alone.
    const other = staff.findIndex(({ id }) => id === after[0]?.account);
    await store.messages.putRecipient(ofPerson(other, 'age1-new'), 3);
    expect((await store.messages.recipients()).map(({ recipient }) => recipient)).toContain(
      'age1-new'
    );
    expect(await store.messages.recipients()).toHaveLength(2);
    await expect(store.messages.addAgendaItem(99, bytes(16), bytes(), 3)).rejects.toThrow();
  });
});

describe('phrases and counters', () => {
  const phrase = (text: string | null) => ({
    ...{ language: 'da' as const, id: 'scale-now', group: 'scale' as const, text },
    ...{ place: 1.25, hidden: false }
  });

  test('a phrase is changed by who saw it last, with a version that never comes again', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => store.phrases.put(phrase(`Æblé ${at}`), 0))
    );
    const won = answers.filter((answer) => 'version' in answer);
    expect(won).toHaveLength(1);
    const [stored] = won;
    if (!stored) throw new Error('nobody won');
    expect(answers.filter((answer) => 'overtakenBy' in answer)).toEqual(
      Array.from({ length: 19 }, () => ({ overtakenBy: stored }))
    );
    expect(await store.phrases.remove('da', 'scale-now', stored.version + 1)).toEqual({
      overtakenBy: stored
    });
    expect(await store.phrases.remove('da', 'scale-now', stored.version)).toBe('removed');
    expect(await store.phrases.changedIn('da')).toEqual([]);
    await reopen();
    const again = await store.phrases.put(phrase(null), 0);
    expect(again).toEqual({ ...phrase(null), version: expect.any(Number) });
    expect('version' in again && again.version > stored.version).toBe(true);
    const empty = 'version' in again ? await store.phrases.put(phrase(''), again.version) : null;
    expect(empty).toMatchObject({ text: '' });
    expect(await store.phrases.remove('da', 'nothing', 0)).toBe('removed');
  });

  test('counts of weeks are summed, both ends included', async () => {
    await Promise.all(
      Array.from({ length: 50 }, () => store.counters.count('2026-W33', ['kind=young', 'all']))
    );
    await store.counters.count('2026-W34', ['all']);
    await store.counters.count('2027-W01', ['all']);
    await reopen();
    const sums = async (first: '2026-W33' | '2026-W34', last: '2026-W34' | '2027-W01') =>
      Object.fromEntries(await store.counters.sums(first, last));
    expect(await sums('2026-W33', '2026-W34')).toEqual({ 'kind=young': 50, all: 51 });
    expect(await sums('2026-W34', '2027-W01')).toEqual({ all: 2 });
  });
});

test('the secret and the organisation stay', async () => {
  const secret = Buffer.from(store.secret());
  expect(secret).toHaveLength(32);
  const organisation = { name: 'Ungecentret', publicKey: bytes() };
  expect(await store.organisation()).toBeNull();
  expect((await atOnce(() => store.setOrganisation(organisation)))(true)).toBe(1);
  await reopen();
  expect(store.secret()).toEqual(secret);
  expect(await store.organisation()).toEqual(organisation);
});

test('another process hears of who is shut out', async () => {
  const sofie = await added();
  const other = await openDurable(folder);
  await other.changedElsewhere();
  expect(await other.changedElsewhere()).toBe(false);
  await store.accounts.suspend(sofie.id);
  expect(await other.changedElsewhere()).toBe(true);
  expect(await other.changedElsewhere()).toBe(false);
  await other.close();
});
