// What the volatile store promises, on three masters that share the slots.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import { slotOf, tagOf } from '#server/store/redis/slot-of.ts';
import { checkVolatile } from '#server/store/volatile/redis/check-volatile.ts';
import { connect } from '#server/store/redis/connection.ts';
import { RedisRelay } from '#server/store/volatile/redis/redis-relay.ts';
import { RedisCluster } from '#tests/support/redis-kinds.ts';
import { Party } from '#tests/support/relay-party.ts';
import { aQueueNode } from './a-queue-node.ts';
import { queueContract } from './queue-contract.ts';
import { relayContract } from './relay-contract.ts';

const secret = randomBytes(32);
let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await RedisCluster.start('volatile');
}, 60_000);
afterAll(() => cluster.close());

const emptied = async () => {
  await cluster.empty();
  return RedisRelay.open(cluster.url, secret);
};
/** Steps of one conversation are taken, and told of, in their order. */
relayContract('a cluster', emptied, (relay) => relay.turnOf('AAAAAAAAAAAAAAAAAAAAAA'));

queueContract('a cluster', (kept) => aQueueNode(cluster.url, randomBytes(32), kept));

test('slots are what Redis says they are', async () => {
  const [server] = cluster.masters;
  const keys = ['', 'frirum:{durable}:slots', 'a{}b', '{a}{b}', 'x{y', 'æ{ø}å', '{part-63}'];
  for (const key of keys)
    expect(
      await server?.ask((client) => client.sendCommand(['CLUSTER', 'KEYSLOT', key])),
      key
    ).toBe(slotOf(tagOf(key)));
});

test('sixty conversations of two nodes at once are spread over all masters, and each is whole', async () => {
  await cluster.empty();
  const nodes = await Promise.all([1, 2].map(() => RedisRelay.open(cluster.url, secret)));
  const [near, far] = nodes;
  if (!near || !far) return;
  const rooms = Array.from({ length: 60 }, () => randomBytes(16).toString('base64url'));
  const pairs = rooms.map((room) => [new Party(room, 'visitor'), new Party(room, 'counsellor')]);
  await Promise.all(
    pairs.map(async ([one, other]) => {
      await one?.join(near);
      await other?.join(far);
    })
  );
  for (let n = 1; n <= 10; n += 1) for (const party of pairs.flat()) party.say(n);
  await expect
    .poll(() => pairs.flat().map((party) => party.deliveredUpTo))
    .toEqual(Array.from({ length: 120 }, () => 10));
  for (const { taken } of pairs.flat()) expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const keys = await Promise.all(
    cluster.masters.map((server) => server.ask((client) => client.keys('conversation:*')))
  );
  expect(keys.flat()).toHaveLength(60);
  for (const some of keys) expect(some.length).toBeGreaterThan(5);
  await Promise.all(rooms.map((room) => near.close(room)));
  for (const party of pairs.flat()) party.stop();
  await Promise.all(nodes.map((node) => node.stop()));
});

test('a step of another part of the cluster is sent on, when slots were moved', async () => {
  const redis = await connect(cluster.url);
  onTestFinished(() => redis.close());
  const key = 'b{moved}';
  const slot = String(slotOf('moved'));
  const [from, to] = cluster.masters.toSorted((one) =>
    redis.holderOf(key)?.options?.socket && portOf(redis.holderOf(key)) === one.port ? -1 : 1
  );
  const id = (await to?.ask((client) => client.clusterMyId())) ?? '';
  for (const server of [to, from])
    await server?.ask((client) => client.sendCommand(['CLUSTER', 'SETSLOT', slot, 'NODE', id]));
  expect(await redis.send(key, ['SET', key, '1'])).toBe('OK');
  expect(await to?.ask((client) => client.get(key))).toBe('1');
});

test('one master that writes to disk is found, and named', async () => {
  const [, server] = cluster.masters;
  const set = (value: string) =>
    server?.ask(async (client) => void (await client.configSet('appendonly', value)));
  await set('yes');
  onTestFinished(() => set('no'));
  const refused = await checkVolatile(cluster.url).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(CannotStart);
  expect(String(refused)).toContain(
    `the Redis of REDIS_VOLATILE_URL at 127.0.0.1:${server?.port} writes every change to a file: set "appendonly no"`
  );
  expect(String(refused).split('\n')).toHaveLength(1);
});

/** Of the socket of a connection. */
const portOf = (client: ReturnType<Awaited<ReturnType<typeof connect>>['holderOf']>) =>
  client?.options?.socket && 'port' in client.options.socket ? client.options.socket.port : 0;
