import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { migrations } from '#server/store/durable/migrations.ts';
import { aFolder } from './a-folder.ts';

/** How many migrations there were before accounts knew invitations and states. */
const before = migrations.findIndex((one) => one.includes('CREATE TABLE passkey'));

it('keeps the accounts of a version that knew no invitations; who was signed in signs in again', async () => {
  const folder = join(aFolder(), 'data');
  mkdirSync(folder);
  const old = new DatabaseSync(join(folder, 'frirum.sqlite'));
  for (const migration of migrations.slice(0, before)) old.exec(migration);
  old.exec(`PRAGMA user_version = ${before};
    INSERT INTO account VALUES ('a', 'sofie', 'Sofie', 'counsellor', '$argon2id$', NULL);
    INSERT INTO session VALUES ('${'0'.repeat(64)}', 'a', 1, 1);`);
  old.close();

  const store = openEmbedded(folder);
  expect(await store.accounts.all()).toEqual([
    {
      id: 'a',
      name: 'sofie',
      shownName: 'Sofie',
      role: 'counsellor',
      state: 'active',
      password: '$argon2id$',
      totpSecret: null,
      seenDay: null
    }
  ]);
  expect(await store.sessions.all()).toEqual([]);
  expect(await store.accounts.suspend('a')).toBe('suspended');
  await store.close();
});
