// What the durable store promises, on a cluster of three masters and a copy of each.
import '#tests/support/on-cluster.ts';
import './durable.test.ts';
import { expect, onTestFinished, test } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { RedisCluster } from '#tests/support/redis-kinds.ts';
import { diesInTheMiddle } from './dies-in-the-middle.ts';

const soon = { timeout: 20_000, interval: 50 };

test('when the master that holds it dies in the middle of it, all that was acknowledged is there', async () => {
  const cluster = await RedisCluster.start('durable', true);
  onTestFinished(() => cluster.close());
  await (await openRedisDurable(cluster.url)).close();
  const key = 'frirum:{durable}:secret';
  const dead = await cluster.holderOf(key);
  await diesInTheMiddle(cluster.url, dead, async () => {
    // Nobody copies who took over: it acknowledges nothing until the other is back, as its copy.
    await expect.poll(() => cluster.holderOf(key), soon).toBeDefined();
    await dead?.up();
  });
}, 90_000);
