import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#server/clock.ts';
import { embeddedHouse } from '#server/store/volatile/embedded-house.ts';
import type { Allowance, HouseStore } from '#server/store/volatile/house.ts';
import { openRedisHouse } from '#server/store/volatile/redis/open-house.ts';
import { RedisServer } from '#tests/support/redis.ts';

const secret = randomBytes(32);
const forgottenAfter = 60_000;
let redis: RedisServer;
let nodes: readonly HouseStore[];
const embedded = embeddedHouse(systemClock);
beforeAll(async () => {
  redis = await RedisServer.start('volatile');
  const open = async () => (await openRedisHouse(redis.url, secret, forgottenAfter)).house;
  nodes = await Promise.all([open(), open(), open(), open()]);
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await redis.close();
});

const houses = [
  ['one node', () => [embedded]],
  ['four nodes on Redis', () => nodes]
] as const;

/** How many of so many tries, at all nodes at once, are let through. */
async function letThrough(of: readonly Allowance[], name: string, tries: number): Promise<number> {
  const asked = Array.from({ length: tries }, async (_, n) => of[n % of.length]?.take(name));
  return (await Promise.all(asked)).filter((is) => is).length;
}

describe.each(houses)('%s', (_, house) => {
  test('let through as much as one may, and no more with more nodes', async () => {
    const five = house().map((node) => node.allowance('five', { atOnce: 5, perSecond: 0 }));
    expect(await letThrough(five, 'a conversation', 20)).toBe(5);
    expect(await letThrough(five, 'a conversation', 4)).toBe(0);
    await five[0]?.giveBack('a conversation');
    expect(await letThrough(five, 'a conversation', 4)).toBe(1);
    expect(await letThrough(five, 'another', 20)).toBe(5);
    // What is given back is not more than there was.
    for (let n = 0; n < 9; n += 1) await five[0]?.giveBack('a third');
    expect(await letThrough(five, 'a third', 20)).toBe(5);
  });

  test('take several at once or none, and have more after a while', async () => {
    const [ten] = house().map((node) => node.allowance('ten', { atOnce: 10, perSecond: 2 }));
    expect(await ten?.take('', 8)).toBe(true);
    expect(await ten?.take('', 8)).toBe(false);
    expect(await ten?.take('', 2)).toBe(true);
    expect(await ten?.take('', 2)).toBe(false);
    await expect.poll(() => ten?.take('', 2), { interval: 250 }).toBe(true);
  });

  test('know how many have started in the whole house', async () => {
    const { length } = house();
    const asked = Array.from({ length: 99 }, async (_, n) => house()[n % length]?.starts.count());
    await Promise.all(asked);
    expect(await house()[0]?.starts.count()).toBe(100);
  });
});

test('Redis is told no name, and keeps none of it for good', async () => {
  await nodes[0]?.allowance('five', { atOnce: 5, perSecond: 0 }).take('a conversation');
  await redis.ask(async (client) => {
    const keys = await client.keys('*');
    expect(keys.filter((key) => key.includes('allowance')).length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key).not.toContain('conversation');
      if (/allowance|starts/.test(key)) expect(await client.pTTL(key)).toBeGreaterThan(0);
    }
  });
});
