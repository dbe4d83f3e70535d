// Two nodes on a cluster for conversations and a group under Sentinels for what stays: a master of each dies.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { issueCapability } from '#server/conversation/capability.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { nodeProcesses, type NodeProcess } from '#tests/support/node-processes.ts';
import { aVisitor, join, signIn, young } from '#tests/support/people.ts';
import { RedisCluster, RedisGroup } from '#tests/support/redis-kinds.ts';
import { doAllAHouseDoes } from './all-a-house-does.ts';
import type { RedisServer } from '#tests/support/redis.ts';
import { ChatParty } from './chat-party.ts';

let cluster: RedisCluster;
let group: RedisGroup;
let nodes: readonly NodeProcess[];
let stop = async () => {};
let durable: Durable;
/** Of the conversation. */
let holder: RedisServer | undefined;
/** What was done before anything died. */
let isThere: Awaited<ReturnType<typeof doAllAHouseDoes>> = async () => {};
let visitor: ChatParty;
let counsellor: ChatParty;

beforeAll(async () => {
  [cluster, group] = await Promise.all([
    RedisCluster.start('volatile', true),
    RedisGroup.start('durable')
  ]);
  const urls = () => ({ REDIS_VOLATILE_URL: cluster.url, REDIS_DURABLE_URL: group.url });
  ({ nodes, stop } = await nodeProcesses([urls, urls]));
  const [near, far] = nodes;
  if (!near || !far) throw new Error('no nodes');
  durable = await openRedisDurable(group.url);
  const conversation = randomBytes(16).toString('base64url');
  const account = (await durable.accounts.named('mikkel'))?.id ?? null;
  const since = Math.floor(Date.now() / 1000);
  const rightOf = (role: 'visitor' | 'counsellor') =>
    issueCapability(
      {
        ...{ conversation, since, visitor: young, turn: 0, of: null, role },
        account: role === 'visitor' ? null : account
      },
      durable.secret()
    );
  visitor = new ChatParty({ origin: near.origin, capability: rightOf('visitor'), cookie: null });
  const cookie = await signIn(far);
  counsellor = new ChatParty({ origin: far.origin, capability: rightOf('counsellor'), cookie });
  await vi.waitUntil(() => visitor.isAttached && counsellor.isAttached, { timeout: 15_000 });
  for (const server of cluster.masters)
    if ((await server.ask((client) => client.keys('conversation:*'))).length > 0) holder = server;
}, 90_000);
afterAll(async () => {
  visitor.stop();
  counsellor.stop();
  await durable.close();
  await stop();
  await Promise.all([cluster.close(), group.close()]);
});

const ready = () =>
  Promise.all(nodes.map(async ({ origin }) => (await fetch(`${origin}/readyz`)).status));
const upTo = (n: number) => Array.from({ length: n }, (_, at) => at + 1);

/** Both say something twenty times while `begin` happens, and all of it arrives once and in order. */
async function talk(begin: () => Promise<unknown>): Promise<void> {
  for (let n = 1; n <= 20; n += 1) {
    visitor.say();
    counsellor.say();
    if (n === 8) await begin();
    await new Promise((later) => setTimeout(later, 30));
  }
  const arrived = () =>
    visitor.deliveredUpTo === visitor.said && counsellor.deliveredUpTo === counsellor.said;
  await vi.waitUntil(arrived, { timeout: 40_000 });
  expect(counsellor.taken).toEqual(upTo(visitor.said));
  expect(visitor.taken).toEqual(upTo(counsellor.said));
  expect([...visitor.complaints, ...counsellor.complaints]).toEqual([]);
}

test('all that a house does, each half at another node', async () => {
  const [near, far] = nodes;
  if (!near || !far) return;
  isThere = await doAllAHouseDoes({ near, far, durable });
  for (const node of nodes) await isThere(node);
}, 60_000);

test('a conversation of two nodes goes on when the master that holds it dies', async () => {
  await talk(async () => holder?.kill());
  await expect.poll(ready, { timeout: 20_000 }).toEqual([200, 200]);
  expect(nodes.map(({ server }) => server.isAlive)).toEqual([true, true]);
}, 60_000);

test('and when the master of what stays dies: who is ready signs others in', async () => {
  const [near, far] = nodes;
  if (!near || !far) return;
  const dead = await group.master();
  await dead?.kill();
  await vi.waitUntil(async () => (await ready()).includes(503), { timeout: 10_000, interval: 20 });
  for (const node of nodes) {
    const isReady = async () => (await fetch(`${node.origin}/readyz`)).status === 200;
    await vi.waitUntil(isReady, { timeout: 20_000, interval: 5 });
    expect(await signIn(node, 'sofie')).not.toBe('');
  }
  await talk(async () => {});
  expect(await group.master()).not.toBe(dead);
  for (const node of nodes) await isThere(node);
  const person = await aVisitor(far);
  await join(person);
  person.leave();
  expect(nodes.map(({ server }) => server.isAlive)).toEqual([true, true]);
}, 60_000);
