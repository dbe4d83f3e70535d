import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { useDurable } from '#tests/support/durable.ts';
import { connect, signIn } from '#tests/support/people.ts';
import { RedisServer } from '#tests/support/redis.ts';

let redis: RedisServer;
let near: RunningApp;
let far: RunningApp;
beforeAll(async () => {
  redis = await RedisServer.start('durable');
  useDurable({ open: () => openRedisDurable(redis.url), filesOf: () => redis.folder });
  near = await startApp();
  far = await startApp();
});
afterAll(async () => {
  await Promise.all([near.stop(), far.stop()]);
  await redis.close();
});

test('who signs in at one node is in at the other, and is shut out of both within two seconds', async () => {
  const cookie = await signIn(near, 'mikkel');
  const desks = await Promise.all(
    [near, far].map((node) => connect(node, { cookie, as: 'staff' }))
  );
  const other = await connect(far, { cookie: await signIn(near, 'sofie'), as: 'staff' });
  // As `npm run team` does: it writes, and nodes look.
  const store = await openRedisDurable(redis.url);
  const mikkel = await store.accounts.named('mikkel');
  expect(await store.accounts.suspend(mikkel?.id ?? '')).toBe('suspended');
  await store.close();
  const isGone = () => desks.map(({ socket }) => socket.connected);
  await expect.poll(isGone, { timeout: 2000, interval: 20 }).toEqual([false, false]);
  expect(other.socket.connected).toBe(true);
  await expect(connect(far, { cookie, as: 'staff' })).rejects.toThrow('not-signed-in');
  other.leave();
});
