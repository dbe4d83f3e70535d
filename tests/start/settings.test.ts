import { describe, expect, it } from 'vitest';
import { describeSettings, originsOf, readSettings } from '#server/settings.ts';
import { readAddress } from '#server/store/redis/address.ts';
import { CannotStart } from '#server/store/durable/cannot-start.ts';

const refusalOf = (environment: NodeJS.ProcessEnv): CannotStart => {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof CannotStart) return error;
    throw error;
  }
  throw new Error('these settings were taken');
};

describe('settings', () => {
  it('need nothing: a try-out on loopback', () => {
    expect(readSettings({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      origin: null,
      tryOut: true,
      metricsPort: null,
      exitUrl: 'https://www.dmi.dk/'
    });
  });

  it('let only a try-out give up a silent line sooner than after ten seconds', () => {
    const origin = { FRIRUM_ORIGIN: 'https://chat.example.dk' };
    expect(readSettings({}).silence).toBe(10_000);
    expect(readSettings(origin).silence).toBe(10_000);
    expect(readSettings({ FRIRUM_SILENCE: '2' }).silence).toBe(2_000);
    expect(refusalOf({ ...origin, FRIRUM_SILENCE: '2' }).message).toMatch(
      /FRIRUM_SILENCE .*try-out/
    );
  });

  it('that are empty are not set', () => {
    expect(readSettings({ PORT: '', DEBUG: '', FRIRUM_ORIGIN: '' })).toEqual(readSettings({}));
  });

  it.each([
    ['PORT', 'abc'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['HOST', 'chat.example.dk'],
    ['METRICS_PORT', '1e3'],
    ['FRIRUM_ORIGIN', 'http://chat.example.dk'],
    ['FRIRUM_ORIGIN', 'https://chat.example.dk/'],
    ['FRIRUM_ORIGIN', 'chat'],
    ['FRIRUM_EXIT_URL', 'javascript:alert(1)'],
    ['REDIS_VOLATILE_URL', 'http://:password@localhost'],
    ['REDIS_VOLATILE_URL', 'localhost:6379'],
    ['REDIS_DURABLE_URL', 'redis://:password@localhost'],
    ['REDIS_VOLATILE_URL', 'redis://:password@one:6379,two:6379'],
    ['REDIS_VOLATILE_URL', 'redis://:password@one:0'],
    ['REDIS_VOLATILE_URL', 'redis://:password@one:65536'],
    ['REDIS_VOLATILE_URL', 'redis://one?password=hidden'],
    ['REDIS_VOLATILE_URL', 'redis://%:password@one'],
    ['REDIS_VOLATILE_URL', 'redis://one/two'],
    ['REDIS_VOLATILE_URL', 'redis+sentinel://:password@one,two'],
    ['REDIS_VOLATILE_URL', 'redis+sentinel://:password@one,,two/mymaster'],
    ['REDIS_VOLATILE_URL', 'redis+sentinel://one/mymaster?password=hidden'],
    ['REDIS_VOLATILE_URL', 'redis+cluster://:password@one,two/1'],
    ['REDIS_VOLATILE_URL', 'redis+cluster://one?sentinel_password=hidden'],
    ['REDIS_VOLATILE_URL', 'redis+other://:password@one'],
    ['REDIS_VOLATILE_URL', 'redis+cluster://:password@'],
    ['FRIRUM_SILENCE', '0'],
    ['FRIRUM_SILENCE', '11'],
    ['DEBUG', '*'],
    ['NODE_DEBUG', 'http']
  ])('refuse %s=%s in one line that names it, and not what it was', (name, value) => {
    const { message, status } = refusalOf({ [name]: value });
    expect(message).toMatch(new RegExp(`^Frirum cannot start: ${name} .+\\.$`));
    expect(message).not.toContain('password');
    expect(status).toBe(2);
  });

  it.each([
    [
      'redis://localhost',
      { kind: 'one', servers: [{ host: 'localhost', port: 6379 }], tls: false }
    ],
    [
      'rediss://frirum:p%40ss:word@[::1]:7000/3',
      {
        servers: [{ host: '::1', port: 7000 }],
        login: { username: 'frirum', password: 'p@ss:word' },
        ...{ tls: true, database: 3 }
      }
    ],
    [
      'redis+sentinel://:secret@one,two:26380/mymaster/2?sentinel_username=a&sentinel_password=b%26',
      {
        kind: 'sentinel',
        servers: [
          { host: 'one', port: 26379 },
          { host: 'two', port: 26380 }
        ],
        login: { password: 'secret' },
        sentinelLogin: { username: 'a', password: 'b&' },
        ...{ group: 'mymaster', database: 2 }
      }
    ],
    [
      'rediss+cluster://frirum:secret@one:7000,two:7001',
      {
        kind: 'cluster',
        servers: [
          { host: 'one', port: 7000 },
          { host: 'two', port: 7001 }
        ],
        login: { username: 'frirum', password: 'secret' },
        tls: true
      }
    ]
  ])('take %s as it is meant', (url, meant) => {
    expect(readSettings({ REDIS_VOLATILE_URL: url }).volatileRedis).toBe(url);
    expect(readAddress(url)).toMatchObject(meant);
  });

  it('refuse each bad value at once, one line each', () => {
    expect(refusalOf({ PORT: 'x', DEBUG: '*' }).message.split('\n')).toHaveLength(2);
  });

  it.each(['0.0.0.0', '::', '192.168.1.2'])('refuse a try-out on %s', (host) => {
    expect(refusalOf({ HOST: host }).message).toMatch(/HOST .* not loopback.*FRIRUM_ORIGIN/);
    const settings = readSettings({ HOST: host, FRIRUM_ORIGIN: 'https://chat.example.dk' });
    expect(settings).toMatchObject({ host, tryOut: false });
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('let a try-out be on %s', (host) => {
    expect(readSettings({ HOST: host }).host).toBe(host);
  });

  it('say which origins may act here', () => {
    expect(originsOf(readSettings({}), 3000)).toEqual([
      'http://localhost:3000',
      'http://127.0.0.1:3000',
      'http://[::1]:3000'
    ]);
    const settings = readSettings({ FRIRUM_ORIGIN: 'https://chat.example.dk' });
    expect(originsOf(settings, 3000)).toEqual(['https://chat.example.dk']);
  });

  it('are all described', () => {
    const described = describeSettings();
    for (const name of [
      'PORT (3000)',
      'HOST (127.0.0.1)',
      'FRIRUM_DATA (./data)',
      'FRIRUM_ORIGIN'
    ]) {
      expect(described).toContain(name);
    }
    expect(described).not.toContain('undefined');
  });
});
