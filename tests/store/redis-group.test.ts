// A master, its copies and the Sentinels that watch them.
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { StoreAway } from '#server/store/store-away.ts';
import { checkVolatile } from '#server/store/volatile/redis/check-volatile.ts';
import { RedisRelay } from '#server/store/volatile/redis/redis-relay.ts';
import { RedisGroup } from '#tests/support/redis-kinds.ts';
import type { RedisServer } from '#tests/support/redis.ts';
import { Party } from '#tests/support/relay-party.ts';
import { aClip, diesInTheMiddle, holds } from './dies-in-the-middle.ts';

const soon = { timeout: 20_000, interval: 50 };
const configure = (server: RedisServer | undefined, name: string, value: string) =>
  server?.ask(async (client) => void (await client.configSet(name, value)));
const refusal = async (opening: Promise<unknown>): Promise<string[]> => {
  const error = await opening.then(
    () => null,
    (refused: unknown) => refused
  );
  if (error instanceof CannotStart) return error.message.split('\n');
  throw error ?? new Error('it was not refused');
};

describe('bookings', () => {
  let group: RedisGroup;
  beforeAll(async () => {
    group = await RedisGroup.start('durable');
  }, 60_000);
  afterAll(() => group.close());

  test.each([
    ['appendfsync', 'everysec', 'always', 'appendfsync always'],
    ['min-replicas-to-write', '0', '1', 'min-replicas-to-write 1'],
    ['replica-priority', '50', '100', 'replica-priority 100'],
    ['repl-diskless-load', 'disabled', 'swapdb', 'repl-diskless-load swapdb']
  ])('a copy with %s %s is refused, and named', async (name, value, before, wanted) => {
    const [copy] = await group.copies();
    await configure(copy, name, value);
    onTestFinished(() => configure(copy, name, before));
    const lines = await refusal(openRedisDurable(group.url));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`REDIS_DURABLE_URL at 127.0.0.1:${copy?.port} `);
    expect(lines[0]).toContain(`set "${wanted}"`);
  });

  test('what no copy has is not acknowledged, and is when one has it', async () => {
    const durable = await openRedisDurable(group.url);
    onTestFinished(() => durable.close());
    const copies = await group.copies();
    const [clip, where] = [aClip(), holds()];
    for (const copy of copies) copy.freeze();
    await expect(durable.clips.hold(clip, where)).rejects.toThrow(StoreAway);
    // It was stored all the same: asked again, what is answered waits for a copy as well.
    await expect(durable.clips.hold(clip, where)).rejects.toThrow(StoreAway);
    await expect.poll(() => durable.isAway(), soon).toBe(true);
    for (const copy of copies) copy.thaw();
    await expect.poll(() => durable.isAway(), soon).toBe(false);
    expect(await durable.clips.hold(clip, where)).toBe('held');
  });

  test('when the master dies in the middle of it, all that was acknowledged is there, and it goes on', async () => {
    const dead = await group.master();
    const durable = await openRedisDurable(group.url);
    onTestFinished(() => durable.close());
    await diesInTheMiddle(group.url, dead, async () => {
      // Who says that it is there acknowledges: nobody is told to come to a node that refuses them.
      for (const isAway of [true, false])
        await expect.poll(() => durable.isAway(), { ...soon, interval: 1 }).toBe(isAway);
      expect(await durable.clips.hold(aClip(), holds())).toBe('held');
    });
    expect(await group.master()).not.toBe(dead);
    // The one that comes back is a copy, and gives up what nobody else had.
    await dead?.up();
    await expect.poll(async () => (await group.copies()).length, soon).toBe(2);
  }, 60_000);
});

describe('conversations', () => {
  let group: RedisGroup;
  const secret = randomBytes(32);
  beforeAll(async () => {
    group = await RedisGroup.start('volatile');
  }, 60_000);
  afterAll(() => group.close());

  test('a copy that would write them to its disk is refused, and named', async () => {
    const [copy] = await group.copies();
    await configure(copy, 'repl-diskless-load', 'disabled');
    onTestFinished(() => configure(copy, 'repl-diskless-load', 'swapdb'));
    const lines = await refusal(checkVolatile(group.url));
    expect(lines).toEqual([
      expect.stringContaining(`REDIS_VOLATILE_URL at 127.0.0.1:${copy?.port} writes everything`)
    ]);
  });

  test('a group that the Sentinels do not know is refused', async () => {
    const [sentinel] = group.sentinels;
    const unknown = `redis+sentinel://127.0.0.1:${sentinel?.port}/another`;
    await expect(checkVolatile(unknown)).rejects.toThrow(/NOGROUP/);
  }, 30_000);

  test('go on when their master dies: everything arrives once and in order, and nothing is on a disk', async () => {
    const [near, far] = await Promise.all([1, 2].map(() => RedisRelay.open(group.url, secret)));
    if (!near || !far) return;
    const room = randomBytes(16).toString('base64url');
    const [visitor, counsellor] = [new Party(room, 'visitor'), new Party(room, 'counsellor')];
    await visitor.join(near);
    await counsellor.join(far);
    const dead = await group.master();
    for (let n = 1; n <= 60; n += 1) {
      for (const party of [visitor, counsellor]) party.say(n);
      if (n === 20) await dead?.kill();
      await new Promise((later) => setTimeout(later, 20));
    }
    await expect.poll(() => visitor.deliveredUpTo, { ...soon, timeout: 30_000 }).toBe(60);
    await expect.poll(() => counsellor.deliveredUpTo, { ...soon, timeout: 30_000 }).toBe(60);
    const upTo = Array.from({ length: 60 }, (_, at) => at + 1);
    expect(visitor.taken).toEqual(upTo);
    expect(counsellor.taken).toEqual(upTo);
    expect([near.isAway, far.isAway]).toEqual([false, false]);
    expect(group.servers.flatMap(({ folder }) => readdirSync(folder))).toEqual([]);
    await near.close(room);
    for (const party of [visitor, counsellor]) party.stop();
    await Promise.all([near.stop(), far.stop()]);
  }, 60_000);
});
