import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { book } from '#shared/booking/calls.ts';
import { saveShift } from '#shared/plan/calls.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { putInRedis, takeRedisBackup } from '#server/store/durable/redis/redis-backup.ts';
import { AHouse, aKey, aShownClip, aTicket, tuesdays, young } from '#tests/booking/a-house.ts';
import { RedisServer } from '#tests/support/redis.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const now = 1_790_000_000_000;

let [from, to]: RedisServer[] = [];
const redis = () => {
  if (!from || !to) throw new Error('no Redis');
  return { from, to };
};
beforeAll(async () => {
  [from, to] = await Promise.all([RedisServer.start('durable'), RedisServer.start('durable')]);
});
afterAll(() => Promise.all([from?.close(), to?.close()]));

let house: AHouse;
beforeEach(async () => {
  for (const one of Object.values(redis())) await one.ask((client) => client.flushAll());
  house = await AHouse.open({ openDurable: () => openRedisDurable(redis().from.url) });
  await house.ask(saveShift, { shift: tuesdays(await house.counsellor('Sofie')) });
});
afterEach(() => house.stop());

async function booked() {
  const [slot] = await house.booking.office.free.all();
  const order = { slot: slot?.id ?? 0, key: aKey(), ticket: aTicket().name, note: null };
  const request = {
    ...{ visitor: young, purpose: 'conversation' as const, proof: null },
    orders: [{ ...order, clip: aShownClip() }]
  };
  return { request, answer: await house.ask(book, request) };
}

test('goes out of a running service and into another Redis, whole', async () => {
  const { from: one, to: other } = redis();
  const { request, answer } = await booked();
  const backup = await takeRedisBackup(one.url, now);
  // What came later is not in it.
  await house.counsellor('Mikkel');
  expect(await putInRedis(other.url, backup, false)).toBeNull();
  const { secret } = house;
  const restored = await AHouse.open({
    openDurable: () => openRedisDurable(other.url),
    secret,
    now: house.now
  });
  expect(restored.durable.secret()).toEqual(house.durable.secret());
  expect((await restored.durable.accounts.all()).map(({ shownName }) => shownName)).toEqual([
    'Sofie'
  ]);
  expect(await restored.ask(book, request)).toEqual(answer);
  expect(await restored.durable.clips.spent()).toEqual(await house.durable.clips.spent());
  expect(await restored.durable.plan.slots(0, 1e15)).toEqual(
    await house.durable.plan.slots(0, 1e15)
  );
  await restored.stop();
  expect(await takeRedisBackup(other.url, now)).toHaveLength(backup.length);
});

test('never goes over a running service, nor over what is there unless it is told to', async () => {
  const { from: one, to: other } = redis();
  const backup = await takeRedisBackup(one.url, now);
  expect(await putInRedis(one.url, backup, true)).toBe('server-runs');
  expect(await putInRedis(other.url, backup, false)).toBeNull();
  const later = await openRedisDurable(other.url);
  await later.counters.count('2026-W33', ['all']);
  await later.close();
  expect(await putInRedis(other.url, backup, false)).toBe('data-is-there');
  expect(await putInRedis(other.url, backup, true)).toBeNull();
  const again = await openRedisDurable(other.url);
  expect(await again.counters.sums('2026-W01', '2026-W53')).toEqual(new Map());
  expect(await again.accounts.count()).toBe(1);
  await again.close();
});

test('cut short, or no backup at all, it changes nothing', async () => {
  const { from: one, to: other } = redis();
  const backup = await takeRedisBackup(one.url, now);
  expect(await putInRedis(other.url, backup.subarray(0, -3), false)).toBe('damaged');
  expect(await putInRedis(other.url, Buffer.from('{}\nnothing'), false)).toBe('no-backup');
  expect(await other.ask((client) => client.dbSize())).toBe(0);
});

test('npm run backup and restore do the same, sealed', async () => {
  const { from: one, to: other } = redis();
  const folder = mkdtempSync(join(tmpdir(), 'frirum-redis-backup-'));
  const run = (script: string, url: string) => {
    const place = [join(folder, 'backup.age'), '--passphrase-file', join(folder, 'passphrase')];
    const ran = spawnSync(process.execPath, [`scripts/${script}.ts`, ...place], {
      ...{ cwd: root, encoding: 'utf8' },
      env: {
        ...{ PATH: process.env['PATH'], FRIRUM_DATA: folder },
        ...{ REDIS_DURABLE_URL: url, REDIS_VOLATILE_URL: url }
      }
    });
    return { status: ran.status, said: ran.stdout + ran.stderr };
  };
  writeFileSync(join(folder, 'passphrase'), 'korrekt hest batteri hæfteklamme\n');
  expect(run('backup', one.url)).toMatchObject({ status: 0 });
  expect(readFileSync(join(folder, 'backup.age')).includes('Sofie')).toBe(false);
  expect(run('restore', one.url).said).toContain('server is running');
  expect(run('restore', other.url)).toMatchObject({ status: 0 });
  expect(run('restore', other.url).said).toContain('With --force');
  rmSync(folder, { recursive: true });
}, 60_000);
