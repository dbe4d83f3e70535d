import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#tests/support/free-port.ts';
import { RedisServer } from '#tests/support/redis.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { aFolder } from './a-folder.ts';
import { run } from './a-process.ts';

/** Starts on this Redis and expects to be refused. @returns what was printed */
async function refusal(url: string): Promise<string> {
  const environment = { PORT: '0', FRIRUM_DATA: aFolder(), REDIS_VOLATILE_URL: url };
  const running = run(['server/main.ts'], environment);
  expect(await running.ended).toBe(1);
  return running.printed();
}

/** What `/readyz` answers at the moment. */
async function readiness({ origin }: { origin: string }): Promise<string> {
  const response = await fetch(`${origin}/readyz`);
  return `${response.status} ${(await response.text()).trim()}`;
}

describe('a Redis for conversations that would keep or lose them is refused', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start('volatile');
  });
  afterAll(() => redis.close());

  it.each([
    ['save', '3600 1', 'save ""'],
    ['appendonly', 'yes', 'appendonly no'],
    ['maxmemory-policy', 'allkeys-lru', 'maxmemory-policy noeviction'],
    ['slowlog-log-slower-than', '10000', 'slowlog-log-slower-than -1'],
    ['crash-log-enabled', 'yes', 'crash-log-enabled no']
  ])('%s %s', async (name, value, wanted) => {
    const [before] = Object.values(await redis.ask((client) => client.configGet(name)));
    await redis.ask((client) => client.configSet(name, value));
    onTestFinished(() =>
      redis.ask(async (client) => void (await client.configSet(name, String(before))))
    );
    const lines = (await refusal(redis.url)).trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^Frirum cannot start: the Redis of REDIS_VOLATILE_URL /);
    expect(lines[0]).toContain(`set "${wanted}"`);
  });

  it('and says so when it may not ask', async () => {
    await redis.ask((client) =>
      client.aclSetUser('guest', ['on', '>guest', '~*', '&*', '+@all', '-config'])
    );
    const printed = await refusal(redis.url.replace('redis://', 'redis://guest:guest@'));
    expect(printed).toContain('+config|get');
  });

  it('with a wrong password, which is not printed', async () => {
    const printed = await refusal(redis.url.replace('redis://', 'redis://guest:hemmeligt@'));
    expect(printed).toMatch(/REDIS_VOLATILE_URL cannot be reached \(WRONGPASS\)/);
    expect(printed).not.toContain('hemmeligt');
  });

  it('when nobody is there, after waiting a while', async () => {
    const printed = await refusal(`redis://127.0.0.1:${await freePort()}`);
    expect(printed).toMatch(/REDIS_VOLATILE_URL cannot be reached \(ECONNREFUSED\)/);
  }, 30_000);
});

describe('a node on Redis', () => {
  it('is ready, is not while Redis is away or frozen, and is again at once', async () => {
    const redis = await RedisServer.start('volatile');
    const server = await ServerProcess.start({ REDIS_VOLATILE_URL: redis.url });
    onTestFinished(async () => {
      await server.remove();
      await redis.close();
    });
    expect(await readiness(server)).toBe('200 ready');
    await redis.kill();
    await expect.poll(() => readiness(server)).toBe('503 volatile-store-away');
    await redis.up();
    await expect.poll(() => readiness(server), { timeout: 1000 }).toBe('200 ready');
    redis.freeze();
    await expect.poll(() => readiness(server), { timeout: 10_000 }).toBe('503 volatile-store-away');
    redis.thaw();
    await expect.poll(() => readiness(server), { timeout: 5000 }).toBe('200 ready');
    expect(server.isAlive).toBe(true);
  }, 40_000);
});
