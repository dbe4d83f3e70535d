import type { Client } from '../../redis/client.ts';
import {
  refuseWrong,
  wantedOfCopies,
  wrongSettings,
  type Look,
  type Wanted
} from '../../redis/wrong-settings.ts';
import type { Redis } from '../../redis/connection.ts';
import { Newcomers } from '../../redis/newcomers.ts';

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
 * The same for a group or a cluster, where another server takes over: the one that has most, and never one
 * that was left alone with what nobody else has.
 */
const wantedOfGroups: Wanted = {
  ...wantedOfCopies,
  'replica-priority': { is: '100', why: 'lets a copy take over by rank, not by what it has' }
};

const variable = 'REDIS_DURABLE_URL';

/**
 * Refuses a Redis that could lose what it has acknowledged, and says which setting to change.
 * @returns what looks at servers that come later; to be stopped
 * @throws CannotStart, one line for each setting
 */
export async function checkDurable(redis: Redis): Promise<Newcomers> {
  const look: Look = (server, whose) => wrongWith(server, whose, redis.isCopied);
  await refuseWrong(redis, variable, look);
  return new Newcomers(redis, variable, look);
}

async function wrongWith(server: Client, whose: string, isCopied: boolean): Promise<string[]> {
  const all = isCopied ? { ...wanted, ...wantedOfGroups } : wanted;
  const sentences = await wrongSettings(server, whose, all);
  if (isCopied) {
    const { 'min-replicas-to-write': least } = await server.configGet('min-replicas-to-write');
    if (String(least) === '0')
      sentences.push(
        `the Redis of ${whose} goes on writing when nobody copies it: ` +
          'set "min-replicas-to-write 1" in its configuration.'
      );
  } else if (/^role:slave/m.test(await server.info('replication')))
    sentences.push(
      `the Redis of ${whose} is a replica: give the address of the one that is written to.`
    );
  if (!(await mayWriteAnew(server)))
    sentences.push(
      `the Redis of ${whose} may not drop from its file what was deleted. Let its user do it with: ` +
        'ACL SETUSER <name> +bgrewriteaof'
    );
  return sentences;
}

/** One that is under way already is as good. */
async function mayWriteAnew(server: Client): Promise<boolean> {
  try {
    await server.bgRewriteAof();
    return true;
  } catch (error) {
    return !(error instanceof Error && /^NOPERM|unknown command/.test(error.message));
  }
}
