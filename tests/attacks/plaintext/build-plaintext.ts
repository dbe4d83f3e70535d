import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const config = fileURLToPath(new URL('vite.config.mjs', import.meta.url));

/** Builds the pages with a worker that does not encrypt; `npm test` has built their words before. */
export async function buildPlaintext(folder: string): Promise<void> {
  // What Kit generates imports packages, so it lies where they are found.
  const work = mkdtempSync(join(root, 'node_modules', '.frirum-plaintext-'));
  const vite = spawn(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--config', config, '--logLevel', 'error'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, PLAINTEXT_BUILD: folder, PLAINTEXT_WORK: work }
    }
  );
  let told = '';
  for (const stream of [vite.stdout, vite.stderr])
    stream.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const status = await new Promise((resolve) => vite.once('close', resolve));
  rmSync(work, { recursive: true, force: true });
  if (status !== 0) throw new Error(`the pages without encryption were not built: ${told}`);
}
