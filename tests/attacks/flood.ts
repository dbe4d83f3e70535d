// A process of its own: so many sockets that send as fast as they can, and come back when they are cut off.
import { anIdleSocket } from './node-under-attack.ts';

const [, , origin = '', many = '0'] = process.argv;
const calls = Array.from({ length: 50 }, (_, n) => `42${n}["queue:look-in",{}]`);
const frame = Buffer.alloc(300, 9);

async function flood(): Promise<void> {
  const socket = await anIdleSocket(origin).catch(() => null);
  if (!socket) return void setTimeout(() => void flood(), 50);
  process.send?.('begun');
  socket.on('close', () => setTimeout(() => void flood(), 50));
  const more = () => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount < 1_000_000)
      for (const call of calls) {
        socket.send(call);
        socket.send(frame);
      }
    setImmediate(more);
  };
  more();
}

for (let n = 0; n < Number(many); n += 1) void flood();
