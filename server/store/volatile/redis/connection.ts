import { createClient, RESP_TYPES } from 'redis';

/**
 * Nothing waits in a queue of ours: with Redis away a command fails at once, and "not stored yet" is the
 * true answer. The client's own reconnecting stops for good after a socket timeout; this one never does.
 */
const preset = {
  disableOfflineQueue: true,
  commandsQueueMaxLength: 5_000,
  pingInterval: 1_000
} as const;
/** A Redis that starts beside us is waited for, about ten seconds. */
const firstTries = 20;

const open = (url: string, wasReady: () => boolean) =>
  createClient({
    ...preset,
    url,
    socket: {
      connectTimeout: 1_000,
      socketTimeout: 3_000,
      reconnectStrategy: (tries) =>
        !wasReady() && tries >= firstTries
          ? false
          : Math.min(20 * 2 ** tries, 500) + Math.random() * 100
    }
  }).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });

/** A connection whose answers are bytes. */
export type Redis = ReturnType<typeof open>;

/**
 * Connects once; later losses are waited out in the background.
 * @throws when Redis cannot be reached within ten seconds, or refuses us
 */
export async function connect(url: string): Promise<Redis> {
  let wasReady = false;
  const redis = open(url, () => wasReady);
  // What was lost is asked for again by the clients; an error nobody listens to would end the process.
  redis.on('error', () => {});
  await redis.connect();
  wasReady = true;
  return redis;
}
