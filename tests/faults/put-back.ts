import {
  closeSync,
  existsSync,
  ftruncateSync,
  globSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync
} from 'node:fs';
import { basename, join } from 'node:path';

/**
 * What a power cut leaves of a folder whose process was killed: bytes that were never synced are as they
 * were before (see power-cut.c). @returns how many writes were undone
 */
export function putBack(folder: string, notes: string): number {
  let undone = 0;
  for (const file of globSync('*.notes', { cwd: notes })) {
    const path = join(folder, basename(file, '.notes'));
    const records = readNotes(readFileSync(join(notes, file)));
    rmSync(join(notes, file));
    if (!existsSync(path)) continue;
    const fd = openSync(path, 'r+');
    for (const { offset, size, old } of records.toReversed()) {
      writeSync(fd, old, 0, old.length, offset);
      ftruncateSync(fd, size);
      undone += 1;
    }
    closeSync(fd);
  }
  // SQLite's index of the log is memory; after a power cut it is not there.
  for (const shared of globSync('*-shm', { cwd: folder })) rmSync(join(folder, shared));
  return undone;
}

function readNotes(bytes: Buffer): { offset: number; size: number; old: Buffer }[] {
  const records = [];
  for (let at = 0; at + 24 <= bytes.length;) {
    const [offset, size, length] = [0, 8, 16].map((field) =>
      Number(bytes.readBigUInt64LE(at + field))
    );
    if (offset === undefined || size === undefined || length === undefined) break;
    const old = bytes.subarray(at + 24, at + 24 + length);
    // Killed in the middle of a note: the write it was for never happened.
    if (old.length < length) break;
    records.push({ offset, size, old });
    at += 24 + length;
  }
  return records;
}
