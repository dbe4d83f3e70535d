// What people write with Socket.IO: a room per conversation, an acknowledgement from the server.
import { createServer } from 'node:http';
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
http.listen(0, '127.0.0.1', () => sayReady(http.address()));
