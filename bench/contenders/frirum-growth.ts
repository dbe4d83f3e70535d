// BENCH_NODES whole nodes of Frirum, queue and house as well, on one Redis.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNode, startRedis } from './two-nodes.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-frirum-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const { url, pid } = await startRedis();
const environment = { BENCH_REDIS: url, BENCH_FOLDER: folder, BENCH_WHOLE: 'yes' };
const first = await startNode('frirum-node.ts', { ...environment, BENCH_FIRST: 'yes' });
const ports = [first.port];
while (ports.length < Number(process.env.BENCH_NODES))
  ports.push((await startNode('frirum-node.ts', environment)).port);
console.log(JSON.stringify({ ...first, ports, redisPid: pid }));
