import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { CannotStart, codeOf } from '#server/store/durable/cannot-start.ts';

/** Writes a file that only its owner reads (mode 600), whole or not at all. */
export function writePrivateFile(path: string, content: string): void {
  const unfinished = `${path}.unfinished`;
  try {
    const file = openSync(unfinished, 'w', 0o600);
    try {
      writeSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    throw new CannotStart(
      `Frirum cannot start: ${path} cannot be written (${codeOf(error)}). ` +
        'Let this user write there, or set FRIRUM_DATA to another folder.'
    );
  }
}
