// A copy that was down when a node started comes back set up wrongly: it may take over one day.
import { expect, onTestFinished, test, vi } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { readAddress } from '#server/store/redis/address.ts';
import { Directory } from '#server/store/redis/directory.ts';
import { checkVolatile } from '#server/store/volatile/redis/check-volatile.ts';
import { RedisRelay } from '#server/store/volatile/redis/redis-relay.ts';
import { RedisCluster, RedisGroup } from '#tests/support/redis-kinds.ts';
import type { RedisServer } from '#tests/support/redis.ts';

const soon = { timeout: 25_000, interval: 50 };
const variants = {
  'of bookings, in a group': async () => {
    const group = await RedisGroup.start('durable');
    const [copy] = await group.copies();
    return {
      ...{ group, copy, variable: 'REDIS_DURABLE_URL' },
      open: async () => {
        const durable = await openRedisDurable(group.url);
        return { wrong: () => durable.wrongServers(), stop: () => durable.close() };
      }
    };
  },
  'of conversations, in a cluster': async () => {
    const group = await RedisCluster.start('volatile', true);
    return {
      ...{ group, copy: group.copies[0], variable: 'REDIS_VOLATILE_URL' },
      open: async () => {
        await checkVolatile(group.url);
        const relay = await RedisRelay.open(group.url, new Uint8Array(32));
        return { wrong: () => relay.wrongServers, stop: () => relay.stop() };
      }
    };
  }
};

const configure = (copy: RedisServer | undefined, value: string) =>
  copy?.ask(async (client) => void (await client.configSet('repl-diskless-load', value)));

test.each(Object.entries(variants))(
  'a copy %s, is named, until it is set right',
  async (_, begin) => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => said.mockRestore());
    const { group, copy, variable, open } = await begin();
    onTestFinished(() => group.close());
    await copy?.kill();
    // Until those who know have noticed, a node would wait for it and not start.
    const address = readAddress(group.url);
    if (typeof address === 'string') throw new Error(address);
    const directory = new Directory(address);
    const isSeen = async () =>
      (await directory.everyServer()).some(({ port }) => port === copy?.port);
    await expect.poll(() => isSeen().catch(() => null), soon).toBe(false);
    directory.close();
    const store = await open();
    onTestFinished(() => store.stop());
    await copy?.up();
    await configure(copy, 'disabled');
    await expect.poll(store.wrong, soon).toBe(1);
    expect(said.mock.calls).toEqual([
      [
        expect.stringContaining(
          `set up wrongly: the Redis of ${variable} at 127.0.0.1:${copy?.port} writes everything to a file when it becomes a copy: set "repl-diskless-load swapdb"`
        )
      ]
    ]);
    await configure(copy, 'swapdb');
    await expect.poll(store.wrong, soon).toBe(0);
    expect(said.mock.calls).toHaveLength(1);
  },
  90_000
);
