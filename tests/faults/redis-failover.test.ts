// Two nodes on a cluster for conversations and a group under Sentinels for what stays: a master of each dies.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { issueCapability } from '#server/conversation/capability.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { nodeProcesses, type NodeProcess } from '#tests/support/node-processes.ts';
import { aVisitor, join, signIn, young } from '#tests/support/people.ts';
import { RedisCluster, RedisGroup } from '#tests/support/redis-kinds.ts';
import { ChatParty } from './chat-party.ts';

let cluster: RedisCluster;
let group: RedisGroup;
let nodes: readonly NodeProcess[];
let stop = async () => {};
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
  const durable = await openRedisDurable(group.url);
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
  await durable.close();
  await vi.waitUntil(() => visitor.isAttached && counsellor.isAttached, { timeout: 15_000 });
}, 90_000);
afterAll(async () => {
  visitor.stop();
  counsellor.stop();
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

test('a conversation of two nodes goes on when the master that holds it dies', async () => {
  await talk(async () => {
    for (const server of cluster.masters)
      if ((await server.ask((client) => client.keys('conversation:*'))).length > 0)
        await server.kill();
  });
  await expect.poll(ready, { timeout: 20_000 }).toEqual([200, 200]);
  expect(nodes.map(({ server }) => server.isAlive)).toEqual([true, true]);
}, 60_000);

test('and when the master of what stays dies: who was signed in is, and others sign in', async () => {
  const dead = await group.master();
  await talk(async () => dead?.kill());
  await expect.poll(ready, { timeout: 20_000 }).toEqual([200, 200]);
  expect(await group.master()).not.toBe(dead);
  const [near, far] = nodes;
  if (!near || !far) return;
  // Which of its servers acknowledges is found out again, and until then it says that it is busy.
  await vi.waitUntil(() => signIn(near, 'sofie').then(Boolean, () => false), { timeout: 20_000 });
  const person = await aVisitor(far);
  await join(person);
  person.leave();
  expect(nodes.map(({ server }) => server.isAlive)).toEqual([true, true]);
}, 60_000);
