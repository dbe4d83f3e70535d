import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Limits } from '#server/wire/limits.ts';

const of = (file: string) => new URL(file, import.meta.url);

export interface NodeUnderAttack {
  readonly origin: string;
  /** Rights to rooms for two. */
  readonly rooms: readonly (readonly [string, string])[];
  /** Bytes in memory after a full collection, and who is there. */
  weigh(): Promise<{ rss: number; sockets: number }>;
  stop(): Promise<void>;
}

/** A node in a process of its own. */
export async function aNode(limits: Partial<Limits> = {}): Promise<NodeUnderAttack> {
  const child = fork(of('a-node.ts'), [JSON.stringify(limits)], {
    execArgv: ['--expose-gc', '--min-semi-space-size=16', '--max-semi-space-size=16']
  });
  const [begun] = await once(child, 'message');
  return {
    ...begun,
    async weigh() {
      child.send('weigh');
      const [weighed] = await once(child, 'message');
      return weighed;
    },
    stop: () => end(child)
  };
}

/** Sockets in a process of its own that send as fast as they can, and come back when they are cut off. */
export async function aFlood(origin: string, sockets: number): Promise<() => Promise<void>> {
  const child = fork(of('flood.ts'), [origin, String(sockets)]);
  await once(child, 'message');
  return () => end(child);
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** A line of Socket.IO by hand: it is there, answers what it is asked, and asks nothing. */
export function anIdleSocket(origin: string): Promise<WebSocket> {
  const address = `${origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { origin, perMessageDeflate: false });
  return new Promise((ready, failed) => {
    socket.once('open', () => socket.send('40'));
    socket.on('error', failed);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text === '2') socket.send('3');
      if (text.startsWith('40')) ready(socket);
    });
  });
}
