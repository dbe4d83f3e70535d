// The least a relay in Node can be: bare `ws`, a Map, frames passed on as they come.
import { WebSocketServer, type WebSocket } from 'ws';
import { sayReady } from '../ready-line.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const parties = new Map<string, WebSocket>();

server.on('connection', (socket, { url }) => {
  const [, conversation, side] = (url ?? '').split('/');
  if (side === undefined) return;
  parties.set(`${conversation}/${side}`, socket);
  const other = `${conversation}/${side === '0' ? '1' : '0'}`;
  socket.on('message', (frame) => parties.get(other)?.send(frame, { binary: true }));
});
server.on('listening', () => sayReady(server.address()));
