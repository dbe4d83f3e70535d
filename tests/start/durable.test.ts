import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { StoredAccount } from '#server/store/durable/staff.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { aFolder, modeOf } from './a-folder.ts';

const sofie: StoredAccount = {
  id: 'a',
  name: 'sofie',
  shownName: 'Sofie',
  role: 'counsellor',
  password: '$argon2id$',
  state: 'active',
  totpSecret: null,
  seenDay: null
};

it('keeps accounts, sessions and the server key from one start to the next', async () => {
  const folder = join(aFolder(), 'new', 'data');
  const first = openEmbedded(folder);
  const secret = Buffer.from(first.secret());
  expect(secret).toHaveLength(32);
  const session = {
    id: 's',
    tokenHash: randomBytes(32).toString('hex'),
    account: 'a',
    startedAt: 1,
    seenAt: 1,
    provedAt: null
  };
  await first.accounts.add([sofie]);
  await first.sessions.add(session);
  await first.sessions.seen(session.id, 5);
  await first.close();

  const second = openEmbedded(folder);
  expect(second.secret()).toEqual(secret);
  expect(await second.accounts.named('sofie')).toEqual(sofie);
  expect(await second.accounts.withId('a')).toEqual(sofie);
  expect(await second.accounts.named('nobody')).toBeNull();
  expect(await second.sessions.find(session.id)).toEqual({ ...session, seenAt: 5 });
  expect(await second.sessions.remove(session.id)).toBe(true);
  expect(await second.sessions.remove(session.id)).toBe(false);
  await second.close();
});

it('is readable by its owner only', async () => {
  const folder = join(aFolder(), 'data');
  const store = openEmbedded(folder);
  await store.accounts.add([sofie]);
  expect(modeOf(folder)).toBe('700');
  for (const end of ['', '-wal', '-shm']) {
    expect(modeOf(join(folder, `frirum.sqlite${end}`))).toBe('600');
  }
  await store.close();
});

it('adds all accounts or none', async () => {
  const store = openEmbedded(aFolder());
  await expect(store.accounts.add([sofie, { ...sofie, id: 'b' }])).rejects.toThrow('UNIQUE');
  expect(await store.accounts.count()).toBe(0);
  await store.accounts.add([sofie]);
  expect(await store.accounts.count()).toBe(1);
  await store.close();
});

it('refuses a session of nobody', async () => {
  const store = openEmbedded(aFolder());
  const session = {
    id: 's',
    tokenHash: 'a'.repeat(64),
    account: 'nobody',
    startedAt: 1,
    seenAt: 1,
    provedAt: null
  };
  await expect(store.sessions.add(session)).rejects.toThrow('FOREIGN KEY');
  await store.close();
});

it('refuses a folder that cannot be one, a file that is none of ours, and a newer one', () => {
  const folder = aFolder();
  writeFileSync(join(folder, 'file'), '');
  expect(() => openEmbedded(join(folder, 'file', 'data'))).toThrow(/ENOTDIR.*FRIRUM_DATA/);

  writeFileSync(join(folder, 'frirum.sqlite'), 'not a database, but as long as one'.repeat(100));
  expect(() => openEmbedded(folder)).toThrow(CannotStart);

  const newer = aFolder();
  new DatabaseSync(join(newer, 'frirum.sqlite')).exec('PRAGMA user_version = 9999');
  expect(() => openEmbedded(newer)).toThrow('newer version');
});
