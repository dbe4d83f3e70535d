import type { WebSocket } from 'ws';
import { aNode, anIdleSocket } from './node-under-attack.ts';

/** @returns kB that each of so many sockets costs a node which has had some before */
export async function kilobytesPerSocket(many: number): Promise<number> {
  const node = await aNode();
  const sockets: WebSocket[] = [];
  const come = async (upTo: number) => {
    while (sockets.length < upTo) {
      const more = Array.from({ length: 50 }, () => anIdleSocket(node.origin));
      sockets.push(...(await Promise.all(more)));
    }
  };
  try {
    await come(200);
    const before = await node.weigh();
    await come(200 + many);
    const after = await node.weigh();
    if (after.sockets !== sockets.length)
      throw new Error(`${after.sockets} of ${sockets.length} are there`);
    return (after.rss - before.rss) / 1024 / (after.sockets - before.sockets);
  } finally {
    for (const socket of sockets) socket.terminate();
    await node.stop();
  }
}
