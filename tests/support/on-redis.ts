// Imported before a test file, it runs that file's stories with the durable store on a real Redis.
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { useDurable } from './durable.ts';
import { RedisServer } from './redis.ts';

let redis: RedisServer;
/** Each folder is a database of its own: many houses stand beside each other, as on a disk. */
const folders = new Map<string, number>();

beforeAll(async () => {
  redis = await RedisServer.start('durable', ['--databases', '4096']);
});
afterAll(() => redis.close());

useDurable({
  open: (folder) => {
    const database = folders.get(folder) ?? folders.size;
    folders.set(folder, database);
    return openRedisDurable(`${redis.url}/${database}`);
  },
  filesOf: () => join(redis.folder, 'appendonlydir')
});
