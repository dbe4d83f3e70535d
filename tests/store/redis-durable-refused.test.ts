import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { RedisServer } from '#tests/support/redis.ts';

/** Why this Redis is refused, line by line. */
async function refusal(url: string): Promise<string[]> {
  try {
    await (await openRedisDurable(url)).close();
  } catch (error) {
    if (error instanceof CannotStart) return error.message.split('\n');
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a durable Redis that could lose what it acknowledges is refused', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start('durable');
  });
  afterAll(() => redis.close());

  it.each([
    ['appendonly', 'no', 'appendonly yes'],
    ['appendfsync', 'everysec', 'appendfsync always'],
    ['appendfsync', 'no', 'appendfsync always'],
    ['no-appendfsync-on-rewrite', 'yes', 'no-appendfsync-on-rewrite no'],
    ['maxmemory-policy', 'allkeys-lru', 'maxmemory-policy noeviction'],
    ['maxmemory-policy', 'volatile-ttl', 'maxmemory-policy noeviction'],
    ['aof-timestamp-enabled', 'yes', 'aof-timestamp-enabled no'],
    ['slowlog-log-slower-than', '10000', 'slowlog-log-slower-than -1'],
    ['crash-log-enabled', 'yes', 'crash-log-enabled no']
  ])('%s %s', async (name, value, wanted) => {
    const [before] = Object.values(await redis.ask((client) => client.configGet(name)));
    await redis.ask((client) => client.configSet(name, value));
    onTestFinished(() =>
      redis.ask(async (client) => void (await client.configSet(name, String(before))))
    );
    const lines = await refusal(redis.url);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^Frirum cannot start: the Redis of REDIS_DURABLE_URL /);
    expect(lines[0]).toContain(`set "${wanted}"`);
  });

  it('a replica', async () => {
    const replica = await RedisServer.start('durable', [
      '--replicaof',
      '127.0.0.1',
      `${redis.port}`
    ]);
    onTestFinished(() => replica.close());
    expect(await refusal(replica.url)).toEqual([expect.stringContaining('is a replica')]);
  });

  it('one that may not be asked: it says what cannot be seen', async () => {
    await redis.ask((client) =>
      client.aclSetUser('guest', ['on', '>guest', '~*', '&*', '+@all', '-config'])
    );
    const lines = await refusal(redis.url.replace('redis://', 'redis://guest:guest@'));
    expect(lines).toEqual([expect.stringMatching(/appendfsync, .* cannot be seen.*\+config\|get/)]);
  });
});

it('one whose user may not write the file anew', async () => {
  const redis = await RedisServer.start('durable');
  onTestFinished(() => redis.close());
  await redis.ask((client) =>
    client.aclSetUser('guest', ['on', '>guest', '~*', '&*', '+@all', '-bgrewriteaof'])
  );
  const lines = await refusal(redis.url.replace('redis://', 'redis://guest:guest@'));
  expect(lines).toEqual([expect.stringContaining('+bgrewriteaof')]);
});

it('the one of deploy/ is taken', async () => {
  const redis = await RedisServer.deployed('durable');
  onTestFinished(() => redis.close());
  const durable = await openRedisDurable(redis.url);
  await durable.counters.count('2026-W33', ['all']);
  expect(await durable.counters.sums('2026-W33', '2026-W33')).toEqual(new Map([['all', 1]]));
  await durable.close();
});

it('one that is set up well is taken, and keeps one secret for all nodes', async () => {
  const redis = await RedisServer.start('durable');
  const [near, far] = await Promise.all([openRedisDurable(redis.url), openRedisDurable(redis.url)]);
  onTestFinished(async () => {
    await Promise.all([near.close(), far.close()]);
    await redis.close();
  });
  expect(near.secret()).toHaveLength(32);
  expect(far.secret()).toEqual(near.secret());
  const organisation = { name: 'Ungecentret', publicKey: new Uint8Array(32).fill(7) };
  expect(await near.organisation()).toBeNull();
  expect(await near.setOrganisation(organisation)).toBe(true);
  expect(await far.setOrganisation({ ...organisation, name: 'Another' })).toBe(false);
  expect(await far.organisation()).toEqual(organisation);
});
