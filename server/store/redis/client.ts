import { createClient, RESP_TYPES } from 'redis';
import type { Login, Server } from './address.ts';

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

/** How a server is spoken to. */
export interface Speech {
  readonly login: Login;
  readonly tls: boolean;
  readonly database: number;
}

/** A connection to one server, not begun. `mayStop` is asked before each further try. */
export const open = (at: Server, { login, tls, database }: Speech, mayStop = () => false) => {
  const socket = {
    ...at,
    connectTimeout: 1_000,
    socketTimeout: 3_000,
    reconnectStrategy: (tries: number) =>
      mayStop() && tries >= firstTries
        ? (false as const)
        : Math.min(20 * 2 ** tries, 500) + Math.random() * 100
  };
  const client = createClient({
    ...preset,
    ...login,
    database,
    socket: tls ? { ...socket, tls: true } : socket
  }).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  // What was lost is asked for again by those who ask; an error nobody listens to would end the process.
  client.on('error', () => {});
  return client;
};

/** A connection whose answers are bytes. */
export type Client = ReturnType<typeof open>;

/**
 * Connects once; later losses are waited out in the background.
 * @throws when the server cannot be reached within ten seconds, or refuses us
 */
export async function connectTo(at: Server, speech: Speech): Promise<Client> {
  let wasReady = false;
  const client = open(at, speech, () => !wasReady);
  await client.connect();
  wasReady = true;
  return client;
}

/** At once; what is under way is rejected. */
export function end(client: Client): void {
  if (client.isOpen) client.destroy();
}
