// What people write with Socket.IO: a room per conversation, an acknowledgement from the server. With
// BENCH_REDIS, one of several nodes on the Redis adapter.
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { sayReady } from '../ready-line.ts';

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false
});

io.on('connection', (socket) => {
  const { room } = socket.handshake.auth;
  if (!room) return;
  void socket.join(room);
  socket.on('message', (message: Buffer, acknowledge?: () => void) => {
    socket.to(room).emit('message', message);
    acknowledge?.();
  });
});
const url = process.env.BENCH_REDIS;
if (url) {
  const clients = [createClient({ url }), createClient({ url })];
  await Promise.all(clients.map((client) => client.connect()));
  io.adapter(createAdapter(clients[0], clients[1]));
}
http.listen(0, '127.0.0.1', () => sayReady(http.address()));
