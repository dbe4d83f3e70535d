import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { migrations } from './migrations.ts';

/** One of a Redis says so, and does not fit. */
const Head = v.object({
  frirumBackup: v.literal(1),
  made: v.number(),
  store: v.optional(v.literal('sqlite'))
});
const newLine = 10;

/** Every reason for which nothing is put in place. */
export type RestoreRefusal =
  | 'no-backup'
  | 'damaged'
  | 'of-a-newer-version'
  | 'server-runs'
  | 'data-is-newer'
  | 'data-is-there';

const pathIn = (folder: string): string => join(folder, 'frirum.sqlite');

/**
 * All of the store as it is at one moment, while the server goes on (SQLite's online backup): a line of JSON
 * with the time it was made, and the file. It holds every key of the server: it is sealed before it is kept.
 * @param now milliseconds since 1970
 */
export async function takeBackup(folder: string, now: number): Promise<Uint8Array> {
  const copy = join(folder, `frirum.backup-${process.pid}`);
  const database = new DatabaseSync(pathIn(folder), { readOnly: true, timeout: 5000 });
  try {
    await backup(database, copy);
    const head = `${JSON.stringify({ frirumBackup: 1, made: now })}\n`;
    return Buffer.concat([Buffer.from(head), readFileSync(copy)]);
  } finally {
    database.close();
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(copy + end, { force: true });
  }
}

/** Puts a backup in place of what is in the folder; `force` also where that is newer. @returns why not, or null */
export function putInPlace(
  folder: string,
  bytes: Uint8Array,
  force: boolean
): RestoreRefusal | null {
  const headEnd = bytes.indexOf(newLine);
  const head = readHead(bytes.subarray(0, headEnd));
  if (!head) return 'no-backup';
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = pathIn(folder);
  const fresh = `${path}.restoring`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, bytes.subarray(headEnd + 1), { mode: 0o600 });
  try {
    const wrong = look(fresh);
    if (wrong) return wrong;
    if (existsSync(path)) {
      // Before anything is opened: looking changes the file.
      const changed = changedAt(path);
      if (isRunning(path)) return 'server-runs';
      if (changed > head.made && !force) return 'data-is-newer';
    }
    sync(fresh);
    for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
    renameSync(fresh, path);
    sync(dirname(path));
    return null;
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(fresh + end, { force: true });
  }
}

function readHead(line: Uint8Array): v.InferOutput<typeof Head> | null {
  try {
    const head = v.safeParse(Head, JSON.parse(Buffer.from(line).toString()));
    return head.success ? head.output : null;
  } catch {
    return null;
  }
}

function look(path: string): RestoreRefusal | null {
  try {
    const database = new DatabaseSync(path);
    try {
      // A file that was copied from a running server says it has a log; alone it has none.
      database.exec('PRAGMA journal_mode = DELETE');
      const [row] = database.prepare('PRAGMA integrity_check').all();
      if (row?.['integrity_check'] !== 'ok') return 'damaged';
      const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
      return version > migrations.length ? 'of-a-newer-version' : null;
    } finally {
      database.close();
    }
  } catch {
    return 'damaged';
  }
}

/** Only who is alone with a file can take its log away. */
function isRunning(path: string): boolean {
  try {
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      return database.prepare('PRAGMA journal_mode = DELETE').get()?.['journal_mode'] !== 'delete';
    } finally {
      database.close();
    }
  } catch (error) {
    // What is there is no database any more: nobody runs on it, and it is what a backup is for.
    return !(error instanceof Error && 'errcode' in error && error.errcode === 26);
  }
}

/** When the file or its log was written last, in milliseconds since 1970. */
const changedAt = (path: string): number =>
  Math.max(...[path, `${path}-wal`].filter(existsSync).map((one) => statSync(one).mtimeMs));

function sync(path: string): void {
  const opened = openSync(path, 'r');
  fsyncSync(opened);
  closeSync(opened);
}
