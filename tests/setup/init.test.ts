import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCertificate } from '#shared/crypto/certificate.ts';
import { loadSodium } from '#shared/crypto/sodium.ts';
import { openSetUp } from '#server/setup/organisation.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { aFolder, modeOf } from '#tests/start/a-folder.ts';
import { run } from '#tests/start/a-process.ts';

const patience = 90_000;
const main = 'server/main.ts';
const origin = 'https://chat.example.dk';

/** A data folder and a place for the root key, neither there yet. */
const aPlace = () => {
  const folder = aFolder();
  return { data: join(folder, 'data'), key: join(folder, 'root-key.txt') };
};

async function init(place: { data: string; key: string }, change: Record<string, string> = {}) {
  const flags = ['--organisation', 'Ungecentret', '--lead', 'Karen', '--key', place.key];
  const environment = { FRIRUM_DATA: place.data, FRIRUM_ORIGIN: origin, ...change };
  const running = run(['scripts/frirum.mjs', 'init', ...flags], environment);
  const status = await running.ended;
  return { status, lines: running.printed().trimEnd().split('\n') };
}

const secretIn = (key: string) => readFileSync(key, 'utf8').trimEnd().split('\n').at(-1) ?? '';

describe('setting up', { timeout: patience }, () => {
  test('makes a root key for the lead alone, and the first invitation as its last line', async () => {
    const place = aPlace();
    const { status, lines } = await init(place);
    expect(status).toBe(0);
    expect(lines.at(-1)).toMatch(/^https:\/\/chat\.example\.dk\/desk\/invitation#[\w-]{43}$/);
    expect(modeOf(place.key)).toBe('600');
    const text = readFileSync(place.key, 'utf8');
    expect(text).toMatch(/^# The root key of Ungecentret.*\n(# .*\n)+[0-9a-f]{128}\n$/);
    expect(lines.join('\n')).not.toContain(secretIn(place.key));

    const store = openEmbedded(place.data);
    onTestFinished(() => store.close());
    expect(await store.organisation()).toEqual({
      name: 'Ungecentret',
      publicKey: new Uint8Array(Buffer.from(secretIn(place.key).slice(64), 'hex'))
    });
    expect(await store.accounts.all()).toEqual([
      expect.objectContaining({ shownName: 'Karen', role: 'lead', state: 'invited', name: null })
    ]);
  });

  test('leaves the secret root key nowhere in the data folder', async () => {
    const place = aPlace();
    await init(place);
    const seed = secretIn(place.key).slice(0, 64);
    const names = readdirSync(place.data);
    expect(names).toContain('service.key');
    for (const name of names) {
      const bytes = readFileSync(join(place.data, name));
      expect(modeOf(join(place.data, name))).toBe('600');
      for (const needle of [
        seed,
        Buffer.from(seed, 'hex'),
        Buffer.from(seed, 'hex').toString('base64')
      ])
        expect(bytes.includes(needle)).toBe(false);
    }
  });

  test('is not done twice, and writes over nothing', async () => {
    const place = aPlace();
    await init(place);
    const before = readFileSync(place.key);
    const again = await init({ ...place, key: `${place.key}2` });
    expect(again).toMatchObject({ status: 1 });
    expect(again.lines.join()).toMatch(/set up already, for Ungecentret/);
    expect(() => statSync(`${place.key}2`)).toThrow();
    const elsewhere = await init({ ...aPlace(), key: place.key });
    expect(elsewhere.status).toBe(1);
    expect(elsewhere.lines.join()).toMatch(/is there already.*never written over/);
    expect(readFileSync(place.key)).toEqual(before);
  });

  test('does not turn a try-out into the real thing, and names it', async () => {
    const place = aPlace();
    const tryOut = run([main], { PORT: '0', FRIRUM_DATA: place.data });
    await tryOut.ready();
    tryOut.child.kill('SIGTERM');
    await tryOut.ended;
    const { status, lines } = await init(place);
    expect(status).toBe(1);
    expect(lines.join()).toMatch(/holds a try-out \(try-out\.json\).*FRIRUM_DATA/);
    const asReal = run([main], { PORT: '0', FRIRUM_DATA: place.data, FRIRUM_ORIGIN: origin });
    expect(await asReal.ended).toBe(1);
    expect(asReal.printed()).toMatch(/is not set up yet\. Run: npm run init/);
  });

  test('asks for what it is not told, or says so where nobody can answer', async () => {
    const { data } = aPlace();
    const running = run(['scripts/frirum.mjs', 'init'], { FRIRUM_DATA: data });
    expect(await running.ended).toBe(1);
    expect(running.printed()).toMatch(/--organisation NAME and --lead NAME/);
  });
});

describe('a start for real', { timeout: patience }, () => {
  test('says in one line that it is not set up', async () => {
    const { data } = aPlace();
    const running = run([main], { PORT: '0', FRIRUM_DATA: data, FRIRUM_ORIGIN: origin });
    expect(await running.ended).toBe(1);
    expect(running.printed()).toMatch(
      /^Frirum cannot start: .* is not set up yet\. Run: npm run init \(with the same FRIRUM_DATA\)\.\n$/
    );
  });

  test('serves pages that know the public key, and nobody is made up', async () => {
    const place = aPlace();
    await init(place);
    const running = run([main], { PORT: '0', FRIRUM_DATA: place.data, FRIRUM_ORIGIN: origin });
    const address = await running.ready();
    const page = await (await fetch(`${address}/chat`)).text();
    expect(page).toContain(secretIn(place.key).slice(64));
    expect(running.printed()).not.toMatch(/try-out|mikkel/i);
    const post = (path: string, body: object) =>
      fetch(`${address}${path}`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify(body)
      });
    const options = await (await post('/desk/passkey/options', {})).json();
    expect(options.rpId).toBe('chat.example.dk');
  });

  test('needs its own key as it was', async () => {
    const place = aPlace();
    await init(place);
    const path = join(place.data, 'service.key');
    const text = readFileSync(path, 'utf8');
    const environment = { PORT: '0', FRIRUM_DATA: place.data, FRIRUM_ORIGIN: origin };
    for (const damaged of [text.slice(0, -20), text.replace(/^[0-9a-f]/m, 'z'), '']) {
      writeFileSync(path, damaged);
      const running = run([main], environment);
      expect(await running.ended).toBe(1);
      expect(running.printed()).toMatch(/^Frirum cannot start: .*service\.key is damaged\./);
    }
  });

  test("the server's key is vouched for long enough to be renewed", async () => {
    await loadSodium();
    const place = aPlace();
    await init(place);
    const store = openEmbedded(place.data);
    onTestFinished(() => store.close());
    const stored = await store.organisation();
    if (!stored) throw new Error('nothing is set up');
    const organisation = await openSetUp(place.data, stored, store.certificates);
    const lines = readFileSync(join(place.data, 'service.key'), 'utf8').trimEnd().split('\n');
    const bytes = new Uint8Array(Buffer.from(lines.at(-1) ?? '', 'hex'));
    const certificate = readCertificate(bytes);
    const day = 86_400_000;
    const days = ((certificate?.expires ?? 0) - Date.now()) / day;
    expect(days).toBeGreaterThan(398);
    expect(certificate?.role).toBe('service');
    expect(await organisation.serviceKeyToRenew(Date.now())).toBeNull();
    expect(await organisation.serviceKeyToRenew(Date.now() + 345 * day)).toHaveLength(32);
  });
});
