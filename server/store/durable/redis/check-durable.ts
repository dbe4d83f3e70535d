import type { Redis } from '../../volatile/redis/connection.ts';
import { CannotStart } from '../cannot-start.ts';

interface Wanted {
  readonly isGood: (value: string) => boolean;
  readonly set: string;
  readonly why: string;
}

const is = (wanted: string) => (value: string) => value === wanted;

/** What each setting has to be, so that what was acknowledged is there after a power cut, and no time is written beside it. */
const wanted: Readonly<Record<string, Wanted>> = {
  appendonly: { isGood: is('yes'), set: 'appendonly yes', why: 'keeps bookings in memory only' },
  appendfsync: {
    isGood: is('always'),
    set: 'appendfsync always',
    why: 'answers before a write is on the disk'
  },
  'no-appendfsync-on-rewrite': {
    isGood: is('no'),
    set: 'no-appendfsync-on-rewrite no',
    why: 'at times answers before a write is on the disk'
  },
  'maxmemory-policy': {
    isGood: is('noeviction'),
    set: 'maxmemory-policy noeviction',
    why: 'throws bookings away when memory is short'
  },
  'aof-timestamp-enabled': {
    isGood: is('no'),
    set: 'aof-timestamp-enabled no',
    why: 'writes down at which second each booking was made'
  },
  'slowlog-log-slower-than': {
    isGood: is('-1'),
    set: 'slowlog-log-slower-than -1',
    why: 'keeps a list of what came slowly, and when'
  }
};

const theRedis = 'the Redis of REDIS_DURABLE_URL';

/**
 * Refuses a Redis that could lose what it has acknowledged, and says which setting to change. A setting
 * that this Redis does not know cannot do harm.
 * @throws CannotStart, one line for each setting
 */
export async function checkDurable(redis: Redis): Promise<void> {
  const found = await settingsOf(redis);
  const lines = Object.entries(wanted).flatMap(([name, { isGood, set, why }]) => {
    const value = found.get(name);
    return value === undefined || isGood(value)
      ? []
      : [`${theRedis} ${why}: set "${set}" in its configuration.`];
  });
  const role = /^role:(\w+)/m.exec(await redis.info('replication'))?.[1];
  if (role === 'slave')
    lines.push(`${theRedis} is a replica: give the address of the one that is written to.`);
  if (lines.length > 0) throw refusal(lines);
}

/** Settings by name, those this Redis does not have left out. @throws CannotStart when it may not be asked */
async function settingsOf(redis: Redis): Promise<Map<string, string>> {
  const names = Object.keys(wanted);
  try {
    const found = await redis.configGet(names);
    return new Map(Object.entries(found).map(([name, value]) => [name, String(value)]));
  } catch {
    throw refusal([
      `${theRedis} does not say how it is set up, so nobody knows whether it keeps what it acknowledges: ` +
        `${names.join(', ')} cannot be seen. Let its user ask with: ACL SETUSER <name> +config|get`
    ]);
  }
}

const refusal = (lines: readonly string[]) =>
  new CannotStart(lines.map((line) => `Frirum cannot start: ${line}`).join('\n'));
