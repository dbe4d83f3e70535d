// One of several nodes: the relay on the Redis of BENCH_REDIS, accounts in BENCH_FOLDER; with BENCH_WHOLE
// the queue and what nodes say of themselves are there as well.
import { openRedisHouse } from '#server/store/volatile/redis/open-house.ts';
import { RedisRelay } from '#server/store/volatile/redis/redis-relay.ts';
import { waitsForSomebody } from '#server/store/volatile/relay.ts';
import { startFrirum } from './start-frirum.ts';

const { BENCH_REDIS: redis = '', BENCH_FOLDER: folder = '', BENCH_FIRST: isFirst } = process.env;
const frirum = await startFrirum(
  folder,
  (secret) => RedisRelay.open(redis, secret),
  process.env.BENCH_WHOLE ? (secret) => openRedisHouse(redis, secret, waitsForSomebody) : undefined
);
console.log(JSON.stringify(isFirst ? await frirum.conversations() : { port: frirum.port }));
