// A group whose servers and Sentinels speak TLS, and a cluster: a node comes in, and goes on when masters die.
import { expect, onTestFinished, test, vi } from 'vitest';
import { aVisitor, join, signIn } from '#tests/support/people.ts';
import { RedisCluster, RedisGroup, Tls } from '#tests/support/redis-kinds.ts';
import type { RedisServer } from '#tests/support/redis.ts';
import { ServerProcess } from '#tests/support/server-process.ts';

const soon = { timeout: 20_000, interval: 50 };

test('Sentinels and what they watch, over TLS, by who trusts the certificate', async () => {
  const tls = new Tls();
  onTestFinished(() => tls.remove());
  const group = await RedisGroup.overTls('durable', tls);
  const cluster = await RedisCluster.start('volatile', true, tls);
  onTestFinished(async () => {
    await Promise.all([group.close(), cluster.close()]);
  });
  const urls = { REDIS_VOLATILE_URL: cluster.url, REDIS_DURABLE_URL: group.url };
  for (const url of Object.values(urls)) expect(url).toMatch(/^rediss\+/);
  const start = (more: Record<string, string>) => ServerProcess.start({ ...urls, ...more });
  await expect(start({})).rejects.toThrow('the Redis of REDIS_DURABLE_URL cannot be reached');

  const server = await start({ NODE_EXTRA_CA_CERTS: tls.file });
  onTestFinished(() => server.remove());
  const ready = async () => (await fetch(`${server.origin}/readyz`)).status;
  await expect.poll(ready).toBe(200);
  const dead = await group.master();
  const linesTo = async (asked: RedisServer | undefined) => {
    const text = await asked?.ask((client) => client.sendCommand(['CLIENT', 'LIST']));
    return JSON.stringify(text).split(`laddr=127.0.0.1:${asked && tls.portOf(asked)} `).length - 1;
  };
  // Commands and what is heard, beside the copies and the Sentinels; the plain port is the test's alone.
  for (const asked of [dead, group.sentinels[0], ...cluster.masters])
    expect(await linesTo(asked)).toBeGreaterThanOrEqual(2);
  await signIn(server);
  await cluster.masterDies(0);
  const visitor = await aVisitor(server);
  await vi.waitUntil(() => join(visitor).then(Boolean, () => false), soon);
  visitor.leave();

  await dead?.kill();
  await vi.waitUntil(async () => (await ready()) === 503, soon);
  await expect.poll(ready, soon).toBe(200);
  expect(await group.master()).not.toBe(dead);
  expect(await signIn(server, 'sofie')).not.toBe('');
}, 90_000);
