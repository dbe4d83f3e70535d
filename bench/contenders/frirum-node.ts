// One of two nodes: the relay on the Redis of BENCH_REDIS, accounts in BENCH_FOLDER.
import { RedisRelay } from '#server/store/volatile/redis/redis-relay.ts';
import { startFrirum } from './start-frirum.ts';

const { BENCH_REDIS: redis = '', BENCH_FOLDER: folder = '', BENCH_FIRST: isFirst } = process.env;
const frirum = await startFrirum(folder, (secret) => RedisRelay.open(redis, secret));
console.log(JSON.stringify(isFirst ? await frirum.conversations() : { port: frirum.port }));
