import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { RedisServer } from '#tests/support/redis.ts';
import { AHouse } from './a-house.ts';
import { aSeries, common } from './a-series.ts';

let redis: RedisServer;
let house: AHouse;
beforeEach(async () => {
  redis = await RedisServer.start('durable');
  house = await AHouse.open({ openDurable: () => openRedisDurable(redis.url) });
});
afterEach(async () => {
  await house.stop();
  await redis.close();
});

const logs = (end: string) =>
  readdirSync(join(redis.folder, 'appendonlydir'))
    .filter((name) => name.endsWith(end))
    .map((name) => join(redis.folder, 'appendonlydir', name));

test('of two bookings of one series nothing in Redis says more than is said of thousands', async () => {
  await aSeries(house, 5);
  const ofDurable = 'frirum:{durable}:';
  for (const kind of ['booking', 'answer', 'clip', 'held', 'conversation'])
    await redis.ask(async (client) => {
      const names = await client.keys(`${ofDurable}${kind}:*`);
      expect(names, kind).toHaveLength(5);
      const rows = await Promise.all(names.map((name) => client.hGetAll(name)));
      for (const field of Object.keys(rows[0] ?? {}))
        if (!common.has(field) && field !== 'day')
          expect(new Set(rows.map((row) => row[field])).size, `${kind}.${field}`).toBe(5);
    });
});

test('soon after, no file says which were written together, nor what was there and is gone', async () => {
  const { clips } = await aSeries(house, 5);
  await expect.poll(() => logs('incr.aof').map((path) => statSync(path).size)).toEqual([0]);
  const [base = ''] = logs('base.rdb');
  expect(readFileSync(base).includes(Buffer.from(clips[0]?.nonce ?? '', 'base64url'))).toBe(true);
  // Once more: what is forgotten is in no file.
  house.now += 400 * 86_400_000;
  await house.booking.tidy();
  await house.durable.clips.forget({ day: Math.floor(house.now / 86_400_000), epoch: 2028 });
  const clip = Buffer.from(clips[0]?.nonce ?? '', 'base64url');
  const files = () => Buffer.concat(logs('').map((path) => readFileSync(path)));
  await expect.poll(() => files().includes(clip), { timeout: 20_000 }).toBe(false);
});
