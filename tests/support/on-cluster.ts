// Imported before a test file, it runs that file's stories with the durable store on a cluster.
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { useDurable } from './durable.ts';
import { RedisCluster } from './redis-kinds.ts';

vi.setConfig({ testTimeout: 60_000 });
let cluster: RedisCluster;
/** A cluster has one database: who opens another folder begins in an empty one. */
let last = '';

beforeAll(async () => {
  cluster = await RedisCluster.start('durable', true);
}, 60_000);
afterAll(() => cluster.close());

useDurable({
  open: async (folder) => {
    if (folder !== last) await cluster.empty();
    last = folder;
    return openRedisDurable(cluster.url);
  },
  filesOf: () => join(cluster.masters[0]?.folder ?? '', 'appendonlydir')
});
