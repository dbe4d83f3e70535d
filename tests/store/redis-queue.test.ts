import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RedisServer } from '#tests/support/redis.ts';
import { aQueueNode } from './a-queue-node.ts';
import { queueContract, sofie, waiting } from './queue-contract.ts';

const secret = randomBytes(32);
let redis: RedisServer;
beforeAll(async () => {
  redis = await RedisServer.start('volatile');
});
afterAll(() => redis.close());

const aNode = (house: Uint8Array = secret, kept?: number) => aQueueNode(redis.url, house, kept);

queueContract('Redis', (kept) => aNode(randomBytes(32), kept));

describe('a queue at two nodes', () => {
  const apart = async (test: (one: Node, other: Node) => Promise<void>) => {
    const house = randomBytes(32);
    const [one, other] = await Promise.all([aNode(house), aNode(house)]);
    try {
      await test(one, other);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  };
  type Node = Awaited<ReturnType<typeof aNode>>;

  test('a thousand takes at once, half of them at each, take everybody once', () =>
    apart(async (one, other) => {
      const all = Array.from({ length: 600 }, (_, n) => waiting(n + 1));
      await Promise.all(all.map((each, n) => (n % 2 ? one : other).queue.put(each)));
      const taken = await Promise.all(
        Array.from({ length: 1_000 }, (_, n) => (n % 2 ? one : other).queue.takeNext(sofie))
      );
      const found = taken.flatMap((each) => each?.since ?? []);
      expect(found.toSorted((a, b) => a - b)).toEqual(all.map((each) => each.since));
    }));

  test('who is taken at the other is told here', () =>
    apart(async (one, other) => {
      const told: unknown[] = [];
      one.queue.onTakenElsewhere = (...what) => told.push(what);
      const mine = waiting(1);
      await one.queue.put(mine);
      await vi.waitUntil(async () => (await other.queue.list()).length === 1);
      await other.queue.takeNext(sofie);
      await vi.waitUntil(() => told.length > 0);
      expect(told).toEqual([[mine.conversation, 'taken']]);
    }));

  test('who has come back at the other has not gone when the old socket dies at last', () =>
    apart(async (one, other) => {
      const told: unknown[] = [];
      one.queue.onTakenElsewhere = (...what) => told.push(what);
      const mine = waiting(1);
      await one.queue.put(mine);
      await other.queue.put(mine);
      await vi.waitUntil(() => told.length > 0);
      expect(told).toEqual([[mine.conversation, 'moved']]);
      await one.queue.lost(mine.conversation);
      expect(await other.queue.find(mine.conversation)).toMatchObject({ goneAt: null });
    }));

  test('those of a node that dies are away when its lease is over, and may come back', async () => {
    const house = randomBytes(32);
    const [dying, left] = await Promise.all([aNode(house), aNode(house)]);
    const mine = waiting(1);
    await dying.queue.put(mine);
    await vi.waitUntil(async () => (await left.queue.list()).length === 1);
    await dying.die();
    const isAway = async () => (await left.queue.list())[0]?.goneAt !== null;
    await vi.waitUntil(isAway, { timeout: 8_000 });
    expect(await left.queue.takeNext(sofie)).toBeNull();
    await left.queue.put(mine);
    expect(await left.queue.takeNext(sofie)).toMatchObject({ since: 1 });
    await left.stop();
  });

  test('a Redis that comes back empty has everybody again, and nobody who was taken', () =>
    apart(async (one, other) => {
      const [mine, theirs, taken] = [waiting(1), waiting(2), waiting(0)];
      await one.queue.put(mine);
      await other.queue.put(theirs);
      await one.queue.put(taken);
      expect(await other.queue.takeNext(sofie)).toMatchObject({ since: 0 });
      const emptied = vi.fn(() => void other.queue.markTaken(taken.conversation, 0));
      other.queue.onEmptied = emptied;
      await new Promise((soon) => setTimeout(soon, 1_200));
      await redis.ask((client) => client.flushAll());
      await vi.waitUntil(() => emptied.mock.calls.length > 0, { timeout: 5_000 });
      await vi.waitUntil(async () => (await other.queue.list()).length === 2);
      expect(emptied).toHaveBeenCalledTimes(1);
      expect((await other.queue.list()).map(({ since }) => since)).toEqual([1, 2]);
      expect(await one.queue.isTaken(taken.conversation)).toBe(true);
    }));
});

test('Redis sees neither who waits nor with whom they have booked', async () => {
  const node = await aNode();
  const one = waiting(1, {
    booked: { with: 'a-name-of-staff', at: 1_000, checkedIn: 1 },
    stage: 'decision-stop'
  });
  await node.queue.put(one);
  const seen = await redis.ask(async (client) => {
    const keys = await client.keys('*');
    const dumps = await Promise.all(keys.map((key) => client.dump(key)));
    return [...keys, ...dumps].join('\n');
  });
  expect(seen).toContain('seat:');
  for (const word of [one.conversation, 'a-name-of-staff', 'young', 'under-18', 'decision-stop'])
    expect(seen).not.toContain(word);
  await node.stop();
});
