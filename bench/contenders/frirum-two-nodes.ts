// Two nodes of Frirum on one Redis, the parties of each conversation apart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNode, startRedis } from './two-nodes.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-frirum-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const environment = { BENCH_REDIS: (await startRedis()).url, BENCH_FOLDER: folder };
const first = await startNode('frirum-node.ts', { ...environment, BENCH_FIRST: 'yes' });
const second = await startNode('frirum-node.ts', environment);
console.log(JSON.stringify({ ...first, otherPort: second.port }));
