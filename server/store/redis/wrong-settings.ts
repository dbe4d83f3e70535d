import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { Client } from './client.ts';
import type { Redis } from './connection.ts';

/** What a setting of a Redis has to be, and what happens else; an empty text is a value. */
export type Wanted = Readonly<Record<string, { readonly is: string; readonly why: string }>>;

/** The first that tells on the very server that holds something (`SPUBLISH`); Valkey says 7 as well. */
const oldest = 7;

/** How a group or a cluster is set up, beside what one server is asked for. */
export const wantedOfCopies: Wanted = {
  'repl-diskless-sync': { is: 'yes', why: 'writes everything to a file before it is copied' },
  'repl-diskless-load': { is: 'swapdb', why: 'writes everything to a file when it becomes a copy' }
};

/**
 * What is wrong with how a server is set up, a sentence for each setting. A setting that this Redis does
 * not know cannot do harm.
 * @param whose the environment variable that names it, and which server
 * @throws CannotStart when it may not be asked; what the client throws when it cannot be reached
 */
export async function wrongSettings(
  redis: Client,
  whose: string,
  wanted: Wanted
): Promise<string[]> {
  const found = await settingsOf(redis, whose, Object.keys(wanted));
  const version = /^redis_version:(\d+)/m.exec(await redis.info('server'))?.[1];
  const tooOld =
    Number(version) < oldest
      ? [`the Redis of ${whose} is of version ${version}: it has to be ${oldest} or later.`]
      : [];
  const wrong = Object.entries(wanted).flatMap(([setting, { is, why }]) => {
    const value = found.get(setting);
    if (value === undefined || value === is) return [];
    return `the Redis of ${whose} ${why}: set "${setting} ${is === '' ? '""' : is}" in its configuration.`;
  });
  return [...tooOld, ...wrong];
}

/** What is wrong with a server, a sentence for each; `whose`: the variable, and which server of several. */
export type Look = (server: Client, whose: string) => Promise<string[]>;

/**
 * Looks at every server, and refuses a Redis with which anything is wrong.
 * @param variable the environment variable that names it
 * @throws CannotStart, a line for each sentence
 */
export async function refuseWrong(redis: Redis, variable: string, look: Look): Promise<void> {
  const found = await redis.everywhere((server, at) =>
    look(server, at === '' ? variable : `${variable} at ${at}`)
  );
  const sentences = found.flat();
  if (sentences.length > 0)
    throw new CannotStart(sentences.map((line) => `Frirum cannot start: ${line}`).join('\n'));
}

async function settingsOf(redis: Client, whose: string, asked: string[]) {
  try {
    const found = await redis.configGet(asked);
    return new Map(Object.entries(found).map(([setting, value]) => [setting, String(value)]));
  } catch {
    throw new CannotStart(
      `Frirum cannot start: the Redis of ${whose} does not say how it is set up: ${asked.join(', ')} ` +
        'cannot be seen. Let its user ask with: ACL SETUSER <name> +config|get'
    );
  }
}
