import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'FRIRUM_TEST_HOUSE';
const made = () => process.env[variable] ?? '';
const furniture = () => join(made(), 'data');

/** Where a server finds what was compiled for the one before. */
export const compiled = () => (made() ? { NODE_COMPILE_CACHE: join(made(), 'compiled') } : {});

/** Puts what the first start of a try-out makes into an empty folder: it is a second of hashing. */
export function furnish(folder: string): void {
  if (made() && existsSync(furniture()) && readdirSync(folder).length === 0)
    cpSync(furniture(), folder, { recursive: true });
}

/** Vitest calls this before the first test of each group; the first call makes the house for all. */
export default async function makeHouse(): Promise<(() => void) | void> {
  if (made()) return;
  const folder = mkdtempSync(join(tmpdir(), 'frirum-furnished-'));
  process.env[variable] = folder;
  const { ServerProcess } = await import('./server-process.ts');
  const server = await ServerProcess.start();
  // Gently, so that everything is written.
  await server.kill('SIGTERM');
  cpSync(server.data, furniture(), { recursive: true });
  await server.remove();
  return () => rmSync(folder, { recursive: true, force: true });
}
