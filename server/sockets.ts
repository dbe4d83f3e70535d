import type http from 'node:http';
import { Server, type Socket } from 'socket.io';
import { parser, type FrameDecoder } from '#shared/wire/parser.ts';
import type { Account } from '#server/counsellor/account.ts';
import { takeFrame } from '#server/conversation/take-frame.ts';
import { Connection } from '#server/wire/connection.ts';
import type { Limits } from '#server/wire/limits.ts';
import type { Door } from '#server/wire/serve.ts';

/** WebSocket only, nothing recovered, nothing compressed; a frame over 64 KiB closes the socket. */
export const createSockets = (
  server: http.Server,
  isAllowedOrigin: (origin: string | undefined) => boolean,
  { silence }: Limits
): Server =>
  new Server(server, {
    parser,
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: 65_536,
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: silence,
    pingTimeout: silence,
    connectTimeout: 5_000,
    // `cors` does not stop a WebSocket; only the exact origin does.
    allowRequest: ({ headers }, decide) => decide(null, isAllowedOrigin(headers.origin))
  });

interface Needs {
  readonly door: Door;
  readonly limits: Limits;
  /** The signed-in account behind a cookie header. */
  readonly sessionOf: (cookie: string | undefined) => Promise<Account | null>;
  /** Hears of every socket that came; answers with what to do when it goes. */
  readonly onCome: (connection: Connection) => () => void;
  /** Hears how many seconds a message took, now and then. */
  readonly onDelivered: (seconds: number) => void;
}

/** Lets sockets in: staff by their session, everybody else as nobody. */
export function openSockets(
  io: Server,
  { door, limits, sessionOf, onCome, onDelivered }: Needs
): void {
  const accounts = new WeakMap<Socket, Account>();
  io.use((socket, next) => {
    if (socket.handshake.auth.as !== 'staff') return next();
    sessionOf(socket.handshake.headers.cookie).then(
      (account) => {
        if (account) accounts.set(socket, account);
        next(account ? undefined : new Error('not-signed-in'));
      },
      // The store is away, and nobody knows whether they are signed in: the line tries again.
      () => socket.conn.close()
    );
  });
  io.on('connection', (socket) => {
    const connection = new Connection(socket, accounts.get(socket) ?? null, limits);
    connection.onDelivered = onDelivered;
    const onGone = onCome(connection);
    forgetHandshake(socket);
    decoderOf(socket).onRelay = (frame) => takeFrame(connection, frame);
    // Every event ends here: the door answers, nothing is dispatched by name.
    socket.use((event) => void door.knock(event, connection));
    socket.on('disconnect', (reason) => {
      connection.line?.detach();
      connection.letGo(reason === 'ping timeout' ? limits.silence : 0);
      onGone();
    });
  });
}

/** One parser per client, and one namespace: its decoder is the socket's own. */
const decoderOf = (socket: Socket): FrameDecoder =>
  (socket as unknown as { client: { decoder: FrameDecoder } }).client.decoder;

const nothing = Object.freeze({});

/** Address, user agent, language and cookies leave the heap as soon as they have served. */
function forgetHandshake(socket: Socket): void {
  const { conn } = socket as unknown as {
    conn: { request: unknown; remoteAddress: string; transport: { req?: unknown } };
  };
  conn.request = null;
  conn.remoteAddress = '';
  delete conn.transport.req;
  Object.assign(socket, { handshake: { auth: nothing, headers: nothing, query: nothing } });
}
