import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { RelayStore } from '#server/store/volatile/relay.ts';
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
/** Steps of one node are taken, and told of, in their order. */
const heardAll = (relay: RelayStore) => relay.turnOf('BBBBBBBBBBBBBBBBBBBBBB');

relayContract('Redis', emptied, heardAll);
