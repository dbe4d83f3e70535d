import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Haystack } from './canary.ts';
import type { ServerProcess } from './server-process.ts';

/** Everything a server can still reach: strings, numbers and names, and the bytes of its buffers. */
export async function memoryOf(server: ServerProcess): Promise<Haystack[]> {
  const folder = mkdtempSync(join(tmpdir(), 'frirum-memory-'));
  try {
    const file = await server.heapSnapshot(join(folder, 'server.heapsnapshot'));
    return [
      { where: 'heap', bytes: readFileSync(file) },
      { where: 'buffers', bytes: readFileSync(`${file}.bytes`) }
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
