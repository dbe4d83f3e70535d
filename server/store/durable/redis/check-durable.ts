import { refuseIfAny, wrongSettings, type Wanted } from '../../redis/wrong-settings.ts';
import type { Redis } from '../../volatile/redis/connection.ts';

const name = 'REDIS_DURABLE_URL';

/** What each setting has to be, so that what was acknowledged is there after a power cut, and no time is written beside it. */
const wanted: Wanted = {
  appendonly: { is: 'yes', why: 'keeps bookings in memory only' },
  appendfsync: { is: 'always', why: 'answers before a write is on the disk' },
  'no-appendfsync-on-rewrite': {
    is: 'no',
    why: 'at times answers before a write is on the disk'
  },
  'maxmemory-policy': { is: 'noeviction', why: 'throws bookings away when memory is short' },
  'aof-timestamp-enabled': { is: 'no', why: 'writes down in which second each booking was made' },
  'slowlog-log-slower-than': { is: '-1', why: 'keeps a list of what came slowly, and when' },
  'crash-log-enabled': { is: 'no', why: 'writes what it was doing to a log when it crashes' }
};

/**
 * Refuses a Redis that could lose what it has acknowledged, and says which setting to change.
 * @throws CannotStart, one line for each setting
 */
export async function checkDurable(redis: Redis): Promise<void> {
  const sentences = await wrongSettings(redis, name, wanted);
  const role = /^role:(\w+)/m.exec(await redis.info('replication'))?.[1];
  if (role === 'slave')
    sentences.push(
      `the Redis of ${name} is a replica: give the address of the one that is written to.`
    );
  if (!(await mayWriteAnew(redis)))
    sentences.push(
      `the Redis of ${name} may not drop from its file what was deleted. Let its user do it with: ` +
        'ACL SETUSER <name> +bgrewriteaof'
    );
  refuseIfAny(sentences);
}

/** One that is under way already is as good. */
async function mayWriteAnew(redis: Redis): Promise<boolean> {
  try {
    await redis.bgRewriteAof();
    return true;
  } catch (error) {
    return !(error instanceof Error && /^NOPERM|unknown command/.test(error.message));
  }
}
