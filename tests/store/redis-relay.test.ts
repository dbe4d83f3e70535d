import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { RedisRelay } from '#server/store/volatile/redis/redis-relay.ts';
import { RedisServer } from '#tests/support/redis.ts';
import { relayContract } from './relay-contract.ts';

let redis: RedisServer;
const secret = randomBytes(32);
beforeAll(async () => {
  redis = await RedisServer.start('volatile');
});
afterAll(() => redis.close());

const emptied = async () => {
  await redis.ask((client) => client.flushAll());
  return RedisRelay.open(redis.url, secret);
};
/** Long enough for a round trip and the message that follows it. */
const settle = () => new Promise<void>((soon) => setTimeout(soon, 40));

relayContract('Redis', emptied, settle);
