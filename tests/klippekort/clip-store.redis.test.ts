import { afterAll, beforeAll } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { RedisServer } from '#tests/support/redis.ts';
import { clipStoreContract, type ClipStoreUnderTest } from './clip-store-contract.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await RedisServer.start('durable');
});
afterAll(() => redis.close());

async function open(): Promise<ClipStoreUnderTest> {
  const durable = await openRedisDurable(redis.url);
  return {
    clips: durable.clips,
    reopen: async () => {
      await durable.close();
      return open();
    },
    remove: () => durable.close()
  };
}

clipStoreContract('Redis', async () => {
  await redis.ask((client) => client.flushAll());
  return open();
});
