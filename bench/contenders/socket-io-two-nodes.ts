// Two nodes of stock Socket.IO with the Redis adapter, the parties of each room apart.
import { startNode, startRedis } from './two-nodes.ts';

const environment = { BENCH_REDIS: (await startRedis()).url };
const first = await startNode('socket-io-room.ts', environment);
const second = await startNode('socket-io-room.ts', environment);
console.log(JSON.stringify({ port: first.port, otherPort: second.port }));
