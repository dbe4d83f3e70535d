import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { messageFrame } from '#shared/wire/frame.ts';
import type { Receiver, Role } from '#server/store/volatile/relay.ts';
import { RedisRelay } from '#server/store/volatile/redis/redis-relay.ts';
import { Passage } from '#tests/support/passage.ts';
import { Party } from '#tests/support/relay-party.ts';
import { RedisServer } from '#tests/support/redis.ts';

const secret = randomBytes(32);
const seconds = (n: number) => new Promise<void>((soon) => setTimeout(soon, n * 1000));
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

let redis: RedisServer;
let near: RedisRelay;
let far: RedisRelay;
let gate: Passage;
let visitor: Party;
let counsellor: Party;
beforeAll(async () => {
  redis = await RedisServer.start('volatile');
});
afterAll(() => redis.close());
beforeEach(async () => {
  const room = randomBytes(16).toString('base64url');
  near = await RedisRelay.open(redis.url, secret);
  gate = await Passage.to(redis.port);
  far = await RedisRelay.open(`redis://127.0.0.1:${gate.port}`, secret);
  visitor = new Party(room, 'visitor');
  counsellor = new Party(room, 'counsellor');
  await visitor.join(near);
  await counsellor.join(far);
});
afterEach(async () => {
  visitor.stop();
  counsellor.stop();
  await Promise.allSettled([near.stop(), far.stop()]);
  gate.shut();
});

/** Both talk for a while, `disturb` happens in the middle, and everything arrives once and in order. */
async function talk(disturb: (said: number) => Promise<void> | void, each = 60): Promise<void> {
  for (let n = 1; n <= each; n += 1) {
    visitor.say(n);
    counsellor.say(n);
    await seconds(0.02);
    await disturb(n);
  }
  await expect.poll(() => visitor.deliveredUpTo, { timeout: 30_000 }).toBe(each);
  await expect.poll(() => counsellor.deliveredUpTo, { timeout: 30_000 }).toBe(each);
  expect(counsellor.taken).toEqual(upTo(each));
  expect(visitor.taken).toEqual(upTo(each));
}

test('two nodes, the parties apart: each message once and in order', () => talk(() => {}));

test('a server that takes over still has both at a node that is dead: what they say arrives', async () => {
  await visitor.join(far);
  const found = await redis.ask(async (client) => {
    const keys = await client.keys('conversation:*');
    const rows = await Promise.all(
      keys.map(async (key) => ({ key, places: await client.hmGet(key, ['vn', 'cn']) }))
    );
    return rows.find(({ places }) => places.every((place) => place !== null));
  });
  gate.shut();
  for (const party of [visitor, counsellor]) await party.join(near);
  const [vn = '', cn = ''] = (found?.places ?? []).map(String);
  await redis.ask((client) => client.hSet(found?.key ?? '', { vn, cn }));
  // Every line asks again when what it hears on is a new connection.
  await redis.ask((client) => client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']));
  for (const party of [visitor, counsellor]) party.say(1);
  const delivered = () => [visitor, counsellor].map(({ deliveredUpTo }) => deliveredUpTo);
  await expect.poll(delivered).toEqual([1, 1]);
});

/** A side that says at once that it has what it heard, and answers two milliseconds later. */
async function answering(relay: RedisRelay, room: string, role: Role, mayAnswer: () => boolean) {
  let taken = 0;
  let said = 0;
  const say = () => {
    said += 1;
    line?.append(said, 1, messageFrame(said, 1, new Uint8Array(300)));
  };
  const ignore = () => {};
  const receiver: Receiver = {
    message: () => {
      taken += 1;
      line?.received(taken);
      setTimeout(() => mayAnswer() && say(), 2);
    },
    ...{ status: ignore, gap: ignore, otherHere: ignore, moved: ignore, returned: ignore },
    closed: ignore
  };
  const attached = await relay.attach(room, role, 1, receiver, 0);
  const line = attached?.line;
  return { say };
}

test('a receipt travels with the next message: one call for both', async () => {
  const room = randomBytes(16).toString('base64url');
  const messages = 20;
  let left = 0;
  const mayAnswer = () => (left -= 1) > 0;
  const first = await answering(near, room, 'visitor', mayAnswer);
  await answering(far, room, 'counsellor', mayAnswer);
  const callsOfAVolley = async () => {
    await redis.ask((client) => client.configResetStat());
    left = messages;
    first.say();
    await expect.poll(() => left, { interval: 5 }).toBe(0);
    const told = await redis.ask((client) => client.info('commandstats'));
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(told)?.[1]);
  };
  // Where this process is held up for longer than a receipt waits, it goes by itself: not every time.
  await expect.poll(callsOfAVolley).toBeLessThanOrEqual(messages + 2);
});

test(
  'Redis that comes back empty loses nothing',
  () =>
    talk(async (n) => {
      if (n % 20 === 0) await redis.ask((client) => client.flushAll());
    }),
  60_000
);

test(
  'Redis that is killed and started again loses nothing',
  () =>
    talk(async (n) => {
      if (n !== 25) return;
      await redis.kill();
      await seconds(1.2);
      await redis.up();
    }),
  60_000
);

test(
  'Redis that stands still for longer than the socket waits loses nothing',
  () =>
    talk(async (n) => {
      if (n !== 25) return;
      redis.freeze();
      await seconds(4);
      redis.thaw();
    }),
  60_000
);

describe('a message is told as delivered though Redis lost that it was stored, and the receipt with it', () => {
  /** Lines over which nobody's page asks by itself: each step is the test's. */
  async function lost() {
    const room = randomBytes(16).toString('base64url');
    const told: unknown[] = [];
    const note =
      (what: string) =>
      (...numbers: number[]) =>
        void told.push([what, ...numbers]);
    const silent = { otherHere() {}, moved() {}, returned() {}, closed() {} };
    const sender = { ...silent, message() {}, status: note('status'), gap: note('gap') };
    const receiver = { ...silent, message() {}, status() {}, gap() {} };
    const mine = (await near.attach(room, 'visitor', 1, sender, 0))?.line;
    const theirs = (await far.attach(room, 'counsellor', 1, receiver, 0))?.line;
    if (!mine || !theirs) throw new Error('closed');
    const frame = messageFrame(1, 1, Uint8Array.of(1));
    mine.append(1, 1, frame);
    await expect.poll(() => told).toEqual([['status', 1, 0]]);
    await redis.ask((client) => client.flushAll());
    theirs.received(1);
    return { told, mine, theirs, frame };
  }

  test('where the sender asks first, it sends again', async () => {
    const { told, mine, theirs, frame } = await lost();
    mine.sync(1);
    // Without it the page would think that nothing is left to send, and wait for ever.
    await expect.poll(() => told.at(-1)).toEqual(['gap', 0]);
    mine.append(1, 1, frame);
    theirs.received(1);
    await expect.poll(() => told.at(-1)).toEqual(['status', 1, 1]);
  });

  test('where the receiver asks first, the sender hears it with the next question', async () => {
    const { told, mine, theirs } = await lost();
    theirs.sync(2);
    await redis.ask(async (client) => {
      await expect.poll(async () => (await client.keys('*')).length).toBe(1);
    });
    mine.sync(1);
    await expect.poll(() => told.at(-1)).toEqual(['status', 1, 1]);
  });
});

test('scripts that Redis forgot are given to it again', () =>
  talk(async (n) => {
    if (n === 30) await redis.ask((client) => client.scriptFlush());
  }));

test('a node that dies: its side comes back through another, and is away until then', async () => {
  await talk(async (n) => {
    if (n !== 20) return;
    // What a killed process leaves behind: connections that are gone and nothing said.
    gate.shut();
    await expect.poll(() => visitor.isOtherHere, { timeout: 15_000 }).toBe(false);
    await far.stop();
    far = await RedisRelay.open(redis.url, secret);
    await counsellor.join(far);
    await expect.poll(() => visitor.isOtherHere).toBe(true);
  });
}, 60_000);

test('nothing of it is on the disk, and no name of a conversation is in Redis', async () => {
  await talk(() => {}, 5);
  const keys = await redis.ask((client) => client.keys('*'));
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(key).toMatch(/^conversation:\{all\}:[\w-]{22}$/);
});
