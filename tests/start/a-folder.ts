import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A data folder of the running test's own, gone when it ends. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'frirum-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
