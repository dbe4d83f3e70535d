import {
  refuseWrong,
  wantedOfCopies,
  wrongSettings,
  type Look,
  type Wanted
} from '../../redis/wrong-settings.ts';
import { connect, type Redis } from '../../redis/connection.ts';
import { Newcomers } from '../../redis/newcomers.ts';

const variable = 'REDIS_VOLATILE_URL';

/** What each setting has to be, so that nothing of a conversation outlives it. */
const wanted: Wanted = {
  save: { is: '', why: 'writes everything to a file now and then' },
  appendonly: { is: 'no', why: 'writes every change to a file' },
  'maxmemory-policy': { is: 'noeviction', why: 'throws conversations away when memory is short' },
  'slowlog-log-slower-than': { is: '-1', why: 'keeps a list of what was sent slowly' },
  'crash-log-enabled': { is: 'no', why: 'writes what it was doing to a log when it crashes' }
};

/**
 * Refuses a Redis that would write conversations down or throw them away, at any of its servers, and says
 * which setting to change.
 * @throws CannotStart, one line for each setting; what the client throws when Redis cannot be reached
 */
export async function checkVolatile(url: string): Promise<void> {
  const redis = await connect(url);
  try {
    await refuseWrong(redis, variable, lookFor(redis));
  } finally {
    void redis.close().catch(() => {});
  }
}

/** Looks at servers that come later; to be stopped. */
export const newcomersTo = (redis: Redis): Newcomers =>
  new Newcomers(redis, variable, lookFor(redis));

function lookFor(redis: Redis): Look {
  const all = redis.isCopied ? { ...wanted, ...wantedOfCopies } : wanted;
  return (server, whose) => wrongSettings(server, whose, all);
}
