// Two nodes with both stores on clusters: all that a house does, before and after masters die.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import { nodeProcesses, type NodeProcess } from '#tests/support/node-processes.ts';
import { signIn } from '#tests/support/people.ts';
import { RedisCluster } from '#tests/support/redis-kinds.ts';
import { doAllAHouseDoes } from './all-a-house-does.ts';

const soon = { timeout: 30_000, interval: 50 };
let talks: RedisCluster;
let stays: RedisCluster;
let nodes: readonly NodeProcess[];
let durable: Durable;
let stop = async () => {};

beforeAll(async () => {
  [talks, stays] = await Promise.all([
    RedisCluster.start('volatile', true),
    RedisCluster.start('durable', true)
  ]);
  const urls = () => ({ REDIS_VOLATILE_URL: talks.url, REDIS_DURABLE_URL: stays.url });
  ({ nodes, stop } = await nodeProcesses([urls, urls]));
  durable = await openRedisDurable(stays.url);
}, 90_000);
afterAll(async () => {
  await durable.close();
  await stop();
  await Promise.all([talks.close(), stays.close()]);
});

const both = () => {
  const [near, far] = nodes;
  if (!near || !far) throw new Error('no nodes');
  return { near, far, durable };
};

const ready = () =>
  Promise.all(nodes.map(async ({ origin }) => (await fetch(`${origin}/readyz`)).status));

test('all that a house does, each half at another node, also after masters of both have died', async () => {
  const { near, far } = both();
  const isThere = await doAllAHouseDoes(both());
  for (const node of [near, far]) await isThere(node);

  const dead = await stays.holderOf('frirum:{durable}:secret');
  await Promise.all([dead?.kill(), talks.masters[0]?.kill()]);
  // Who took over has nobody who copies it, and acknowledges nothing until the other is its copy.
  await expect.poll(() => stays.holderOf('frirum:{durable}:secret'), soon).toBeDefined();
  await dead?.up();
  await expect.poll(ready, soon).toEqual([200, 200]);
  for (const node of [near, far]) await isThere(node);
  for (const node of [near, far]) expect(await signIn(node, 'sofie')).not.toBe('');
  expect(nodes.map(({ server }) => server.isAlive)).toEqual([true, true]);
}, 120_000);
