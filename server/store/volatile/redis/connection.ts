import { createClient, RESP_TYPES } from 'redis';

/**
 * Nothing waits in a queue of ours: with Redis away a command fails at once, and "not stored yet" is the
 * true answer. The client's own reconnecting stops for good after a socket timeout; this one never does.
 */
const preset = {
  disableOfflineQueue: true,
  commandsQueueMaxLength: 5_000,
  pingInterval: 1_000,
  socket: {
    connectTimeout: 1_000,
    socketTimeout: 3_000,
    reconnectStrategy: (tries: number) => Math.min(20 * 2 ** tries, 500) + Math.random() * 100
  }
} as const;

const open = (url: string) =>
  createClient({ ...preset, url }).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });

/** A connection whose answers are bytes. */
export type Redis = ReturnType<typeof open>;

/** Connects once; later losses are waited out in the background. @throws when Redis cannot be reached now */
export async function connect(url: string): Promise<Redis> {
  const redis = open(url);
  // What was lost is asked for again by the clients; an error nobody listens to would end the process.
  redis.on('error', () => {});
  await redis.connect();
  return redis;
}
