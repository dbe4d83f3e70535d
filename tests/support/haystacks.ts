import { globSync, readFileSync, readlinkSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Haystack } from './canary.ts';

/** Every file below a folder, whole, and every file's name. */
export function* filesIn(folder: string): Generator<Haystack> {
  for (const file of globSync('**', { cwd: folder })) {
    yield { where: `name of ${file}`, bytes: Buffer.from(file) };
    const bytes = read(join(folder, file));
    if (bytes) yield { where: file, bytes };
  }
}

/** Folders have no content, and a file may be gone since it was listed. */
function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

export const output = (text: string): Haystack => ({ where: 'output', bytes: Buffer.from(text) });

/** The regular files a process holds open. */
export function openFilesOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      const target = readlinkSync(join(folder, name));
      return target.startsWith('/') && !/^\/(?:dev|proc|sys)\//.test(target) ? [target] : [];
    } catch {
      return [];
    }
  });
}
