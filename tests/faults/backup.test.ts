import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { newNoteIdentity } from '#shared/crypto/sealed-note.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'frirum-backup-'));
  writeFileSync(join(folder, 'passphrase'), 'korrekt hest batteri hæfteklamme\n');
  writeFileSync(join(folder, 'other'), 'en helt anden og lang sætning\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const data = (name = 'data') => join(folder, name);
const file = () => join(folder, 'backup.age');
const run = (script: 'backup' | 'restore', into: string, ...given: string[]) => {
  const ran = spawnSync(process.execPath, [`scripts/${script}.ts`, file(), ...given], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], FRIRUM_DATA: into }
  });
  return { status: ran.status, said: ran.stdout + ran.stderr };
};
const passphrase = () => ['--passphrase-file', join(folder, 'passphrase')];

/** A store with something in it. */
async function aStore(name: string) {
  const store = openEmbedded(data(name));
  await store.accounts.add([
    {
      ...{ id: 'a', name: 'sofie', shownName: 'Sofie', role: 'counsellor', state: 'active' },
      ...{ password: null, totpSecret: null, seenDay: null }
    }
  ]);
  return store;
}
const nameIn = async (name: string) => {
  const store = openEmbedded(data(name));
  const found = (await store.accounts.named('sofie'))?.shownName ?? null;
  const secret = Buffer.from(store.secret()).toString('hex');
  await store.close();
  return { found, secret };
};

test('goes out of a running store and into another folder, whole, sealed and for its owner only', async () => {
  const store = await aStore('data');
  const secret = Buffer.from(store.secret());
  expect(run('backup', data(), ...passphrase())).toMatchObject({ status: 0 });
  await store.close();
  const sealed = readFileSync(file());
  expect(sealed.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
  expect(sealed.includes('sofie')).toBe(false);
  expect(sealed.includes(secret)).toBe(false);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(run('restore', data('new'), ...passphrase())).toMatchObject({ status: 0 });
  expect(await nameIn('new')).toEqual({ found: 'Sofie', secret: secret.toString('hex') });
  // Nothing is written over another backup.
  expect(run('backup', data(), ...passphrase()).said).toContain('EEXIST');
}, 60_000);

test('is sealed to a recipient whose identity is elsewhere', async () => {
  const { identity, recipient } = await newNoteIdentity();
  writeFileSync(join(folder, 'identity'), `# kept offline\n${identity}\n`);
  await (await aStore('data')).close();
  expect(run('backup', data(), '--recipient', recipient)).toMatchObject({ status: 0 });
  expect(run('restore', data('new'), ...passphrase()).said).toContain('does not open');
  const opened = run('restore', data('new'), '--identity-file', join(folder, 'identity'));
  expect(opened).toMatchObject({ status: 0 });
  expect((await nameIn('new')).found).toBe('Sofie');
}, 60_000);

test('with a wrong passphrase, damaged or cut short it restores nothing', async () => {
  const store = await aStore('data');
  run('backup', data(), ...passphrase());
  await store.close();
  const wrong = run('restore', data('new'), '--passphrase-file', join(folder, 'other'));
  expect(wrong).toMatchObject({ status: 1 });
  expect(wrong.said).toContain('does not open');
  const sealed = readFileSync(file());
  for (const bytes of [
    Buffer.concat([sealed.subarray(0, -100), Buffer.alloc(100)]),
    sealed.subarray(0, sealed.length - 5000),
    Buffer.from('not a backup at all')
  ]) {
    writeFileSync(file(), bytes);
    expect(run('restore', data('new'), ...passphrase())).toMatchObject({ status: 1 });
  }
  expect(() => statSync(join(data('new'), 'frirum.sqlite'))).toThrow('ENOENT');
}, 60_000);

test('never goes over a running server, nor over newer data unless it is told to', async () => {
  const store = await aStore('data');
  run('backup', data(), ...passphrase());
  expect(run('restore', data(), ...passphrase(), '--force').said).toContain('server is running');
  await store.accounts.add([
    {
      ...{ id: 'b', name: 'mikkel', shownName: 'Mikkel', role: 'counsellor', state: 'active' },
      ...{ password: null, totpSecret: null, seenDay: null }
    }
  ]);
  await store.close();
  expect(run('restore', data(), ...passphrase()).said).toContain('newer than FILE');
  const before = openEmbedded(data());
  expect(await before.accounts.named('mikkel')).not.toBeNull();
  await before.close();
  expect(run('restore', data(), ...passphrase(), '--force')).toMatchObject({ status: 0 });
  const after = openEmbedded(data());
  expect(await after.accounts.named('mikkel')).toBeNull();
  expect(await after.accounts.named('sofie')).not.toBeNull();
  await after.close();
}, 60_000);
