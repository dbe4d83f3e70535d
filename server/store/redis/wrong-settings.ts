import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { Redis } from '../volatile/redis/connection.ts';

/** What a setting of a Redis has to be, and what happens else; an empty text is a value. */
export type Wanted = Readonly<Record<string, { readonly is: string; readonly why: string }>>;

/**
 * What is wrong with how a Redis is set up, a sentence for each setting. A setting that this Redis does
 * not know cannot do harm.
 * @param name the environment variable that names it
 * @throws CannotStart when it may not be asked; what the client throws when it cannot be reached
 */
export async function wrongSettings(redis: Redis, name: string, wanted: Wanted): Promise<string[]> {
  const found = await settingsOf(redis, name, Object.keys(wanted));
  return Object.entries(wanted).flatMap(([setting, { is, why }]) => {
    const value = found.get(setting);
    if (value === undefined || value === is) return [];
    return `the Redis of ${name} ${why}: set "${setting} ${is === '' ? '""' : is}" in its configuration.`;
  });
}

/** @throws CannotStart, a line for each sentence, when there is one */
export function refuseIfAny(sentences: readonly string[]): void {
  if (sentences.length > 0)
    throw new CannotStart(sentences.map((line) => `Frirum cannot start: ${line}`).join('\n'));
}

async function settingsOf(redis: Redis, name: string, asked: string[]) {
  try {
    const found = await redis.configGet(asked);
    return new Map(Object.entries(found).map(([setting, value]) => [setting, String(value)]));
  } catch {
    throw new CannotStart(
      `Frirum cannot start: the Redis of ${name} does not say how it is set up: ${asked.join(', ')} ` +
        'cannot be seen. Let its user ask with: ACL SETUSER <name> +config|get'
    );
  }
}
