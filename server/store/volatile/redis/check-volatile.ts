import {
  refuseWrong,
  wantedOfCopies,
  wrongSettings,
  type Wanted
} from '../../redis/wrong-settings.ts';
import { connect } from '../../redis/connection.ts';

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
    const all = redis.isCopied ? { ...wanted, ...wantedOfCopies } : wanted;
    await refuseWrong(redis, 'REDIS_VOLATILE_URL', (server, whose) =>
      wrongSettings(server, whose, all)
    );
  } finally {
    void redis.close().catch(() => {});
  }
}
