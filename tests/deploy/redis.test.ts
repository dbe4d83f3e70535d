import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { createMeasures } from '#server/health/measures.ts';
import { aVisitor, join as joinQueue } from '#tests/support/people.ts';
import { freePort } from '#tests/support/free-port.ts';
import { aCertificate } from '#tests/support/neutral-site.ts';
import { RedisGroup } from '#tests/support/redis-kinds.ts';
import { RedisServer } from '#tests/support/redis.ts';
import { ServerProcess } from '#tests/support/server-process.ts';

test('a node starts on the Redis that deploy/redis describes, as a user who may do no more than needed', async () => {
  const redis = await RedisServer.deployed('volatile');
  const server = await ServerProcess.start({ REDIS_VOLATILE_URL: redis.url });
  onTestFinished(async () => {
    await server.remove();
    await redis.close();
  });
  expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
  const visitor = await aVisitor(server);
  expect(await joinQueue(visitor)).toMatchObject({ place: 1 });
  visitor.leave();
  for (const command of [
    ['KEYS', '*'],
    ['FLUSHALL'],
    ['CONFIG', 'SET', 'save', '1 1'],
    ['MONITOR']
  ])
    await expect(redis.ask((client) => client.sendCommand(command))).rejects.toThrow(/NOPERM/);
});

test('a Redis behind TLS is spoken to by who trusts its certificate', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'frirum-tls-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const { cert, key } = aCertificate();
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  const port = String(await freePort());
  const redis = await RedisServer.start('volatile', [
    ...['--tls-port', port, '--tls-auth-clients', 'no', '--tls-ca-cert-file', files.cert],
    ...['--tls-cert-file', files.cert, '--tls-key-file', files.key]
  ]);
  const server = await ServerProcess.start({
    REDIS_VOLATILE_URL: `rediss://localhost:${port}`,
    NODE_EXTRA_CA_CERTS: files.cert
  });
  onTestFinished(async () => {
    await server.remove();
    await redis.close();
    rmSync(folder, { recursive: true });
  });
  const ready = async () => (await fetch(`${server.origin}/readyz`)).status;
  await expect.poll(ready).toBe(200);
  const clients = await redis.ask((client) => client.sendCommand(['CLIENT', 'LIST']));
  expect(JSON.stringify(clients)).toContain(`laddr=127.0.0.1:${port} `);
}, 20_000);

test('a group of deploy/redis is taken, and another server takes over when the master dies', async () => {
  const group = await RedisGroup.deployed();
  const durable = await openRedisDurable(group.url);
  onTestFinished(async () => {
    await durable.close();
    await group.close();
  });
  const count = () => durable.counters.count('2026-W33', ['all']).catch(() => null);
  await durable.counters.count('2026-W33', ['all']);
  await (await group.master())?.kill();
  await expect.poll(count, { timeout: 20_000 }).toBeUndefined();
  const sums = await durable.counters.sums('2026-W33', '2026-W33');
  expect(sums.get('all')).toBeGreaterThanOrEqual(2);
}, 60_000);

test('every number of the dashboard is told', async () => {
  const dashboard = readFileSync(
    new URL('../../deploy/grafana/frirum.json', import.meta.url),
    'utf8'
  );
  const shown = new Set(dashboard.match(/frirum_[a-z_]+/g));
  const measures = createMeasures({
    sockets: () => 0,
    onShift: () => 0,
    waiting: async () => 0,
    conversations: () => 0,
    away: () => null,
    wrongServers: () => 0
  });
  measures.stop();
  const told = await measures.registry.metrics();
  expect(shown.size).toBeGreaterThan(6);
  for (const name of shown) expect(told).toContain(name);
});
