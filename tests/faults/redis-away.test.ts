import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lookIn } from '#shared/queue/calls.ts';
import { issueCapability } from '#server/conversation/capability.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { aCounsellor, aVisitor, join, signIn, valueOf, young } from '#tests/support/people.ts';
import { RedisServer } from '#tests/support/redis.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { ChatParty } from './chat-party.ts';

let redis: RedisServer;
let server: ServerProcess;
let visitor: ChatParty;
let counsellor: ChatParty;

beforeAll(async () => {
  const more = ['--slowlog-log-slower-than', '-1', '--crash-log-enabled', 'no'];
  redis = await RedisServer.start('volatile', more);
  server = await ServerProcess.start({ REDIS_VOLATILE_URL: redis.url });
  const durable = openEmbedded(server.data);
  const account = (await durable.accounts.named('mikkel'))?.id ?? null;
  const since = Math.floor(Date.now() / 1000);
  const conversation = randomBytes(16).toString('base64url');
  const right = { conversation, since, visitor: young, turn: 0, of: null };
  const rightOf = (role: 'visitor' | 'counsellor') =>
    issueCapability(
      { ...right, role, account: role === 'visitor' ? null : account },
      durable.secret()
    );
  const { origin } = server;
  visitor = new ChatParty({ origin, capability: rightOf('visitor'), cookie: null });
  const cookie = await signIn(server);
  counsellor = new ChatParty({ origin, capability: rightOf('counsellor'), cookie });
  await durable.close();
});
afterAll(async () => {
  visitor.stop();
  counsellor.stop();
  await server.remove();
  await redis.close();
});

const tell = (...words: string[]) => redis.ask((client) => client.sendCommand(words));
const ready = async () => (await fetch(`${server.origin}/readyz`)).status;
const soon = { timeout: 10_000, interval: 25 };

interface Fault {
  readonly begin: () => Promise<unknown> | void;
  readonly end: () => Promise<unknown> | void;
  /** A node says so itself. */
  readonly isAway: boolean;
}

const faults: Record<string, Fault> = {
  'is gone, and comes back empty': {
    begin: () => redis.kill(),
    end: () => redis.up(),
    isAway: true
  },
  'stands still': { begin: () => redis.freeze(), end: () => redis.thaw(), isAway: true },
  'is full': {
    begin: () => tell('CONFIG', 'SET', 'maxmemory', '1'),
    end: () => tell('CONFIG', 'SET', 'maxmemory', '0'),
    isAway: false
  },
  'may only be read': {
    begin: () => tell('REPLICAOF', '127.0.0.1', '1'),
    end: () => tell('REPLICAOF', 'NO', 'ONE'),
    isAway: false
  }
};

test.each(Object.entries(faults))(
  'a Redis that %s: nothing is said to be stored, nothing is lost, and a second later all is well',
  async (_, { begin, end, isAway }) => {
    await vi.waitUntil(() => visitor.isAttached && counsellor.isAttached, soon);
    const waits = await aVisitor(server);
    const passer = await aVisitor(server);
    const mine = await join(waits);
    await begin();
    if (isAway) await vi.waitUntil(async () => (await ready()) === 503, soon);
    const stored = visitor.storedUpTo;
    for (let n = 0; n < 3; n += 1) visitor.say();
    await expect(join(passer)).rejects.toThrow(/refused: /);
    expect(visitor.storedUpTo).toBe(stored);
    expect(server.isAlive).toBe(true);

    await end();
    const began = performance.now();
    await vi.waitUntil(async () => (await ready()) === 200, soon);
    expect(performance.now() - began).toBeLessThan(isAway ? 1_000 : 500);
    // What waits for its client to ask again comes with that.
    await vi.waitUntil(() => visitor.deliveredUpTo === visitor.said, { timeout: 15_000 });
    expect(counsellor.taken).toEqual(counsellor.taken.map((_, at) => at + 1));
    await vi.waitUntil(async () => (await join(passer).catch(() => null)) !== null, soon);
    const house = async () => (await valueOf(passer.ask(lookIn, {}))).waiting;
    await vi.waitUntil(async () => (await house()) >= 2, soon);
    expect(mine.conversation).toHaveLength(22);
    waits.leave();
    passer.leave();
  },
  60_000
);

test('scripts that Redis forgot are given to it again', async () => {
  await tell('SCRIPT', 'FLUSH');
  const person = await aVisitor(server);
  await join(person);
  visitor.say();
  await vi.waitUntil(() => visitor.deliveredUpTo === visitor.said, soon);
  const desk = await aCounsellor(server);
  for (const one of [person, desk]) one.leave();
});
