import { CannotStart } from '#server/store/durable/cannot-start.ts';
import { connect, type Redis } from './connection.ts';

/** What each setting has to be, so that nothing of a conversation outlives it; an empty text is a value. */
const wanted = {
  save: { is: '', why: 'writes everything to a file now and then' },
  appendonly: { is: 'no', why: 'writes every change to a file' },
  'maxmemory-policy': { is: 'noeviction', why: 'throws conversations away when memory is short' },
  'slowlog-log-slower-than': { is: '-1', why: 'keeps a list of what was sent slowly' },
  'crash-log-enabled': { is: 'no', why: 'writes what it was doing to a log when it crashes' }
} as const;

/**
 * Refuses a Redis that would write conversations down or throw them away, and says which setting to
 * change. A setting that this Redis does not know cannot do harm.
 * @throws CannotStart, one line for each setting; what the client throws when Redis cannot be reached
 */
export async function checkVolatile(url: string): Promise<void> {
  const redis = await connect(url);
  const found = await settingsOf(redis, Object.keys(wanted)).finally(
    () => void redis.close().catch(() => {})
  );
  const lines = Object.entries(wanted).flatMap(([name, { is, why }]) => {
    const value = found.get(name);
    if (value === undefined || value === is) return [];
    return `the Redis of REDIS_VOLATILE_URL ${why}: set "${name} ${is === '' ? '""' : is}" in its configuration.`;
  });
  if (lines.length > 0)
    throw new CannotStart(lines.map((line) => `Frirum cannot start: ${line}`).join('\n'));
}

/** Settings by name, those this Redis does not have left out. @throws CannotStart when it may not be asked */
async function settingsOf(redis: Redis, names: string[]): Promise<Map<string, string>> {
  try {
    const found = await redis.configGet(names);
    return new Map(Object.entries(found).map(([name, value]) => [name, String(value)]));
  } catch {
    throw new CannotStart(
      'Frirum cannot start: the Redis of REDIS_VOLATILE_URL does not say how it is set up. ' +
        'Let its user ask with: ACL SETUSER <name> +config|get'
    );
  }
}
