import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CannotStart, codeOf } from './cannot-start.ts';
import { migrations } from './migrations.ts';

/** Opens `frirum.sqlite` in the folder, makes both when they are missing, and brings it up to date. */
export function openFile(folder: string): DatabaseSync {
  const path = join(folder, 'frirum.sqlite');
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // SQLite gives its -wal and -shm files the mode of the database, so the mode is set before it opens.
    closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
                   PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON`);
    migrate(database);
  } catch (error) {
    if (database?.isOpen) database.close();
    if (error instanceof CannotStart) throw error;
    throw new CannotStart(
      `Frirum cannot start: the data folder ${folder} cannot be used (${codeOf(error)}). ` +
        'Let this user write there, or set FRIRUM_DATA to another folder.'
    );
  }
  return database;
}

/** Runs `change` with the file locked for writing: all of it is on the disk, or nothing. */
export function atOnce<T>(database: DatabaseSync, change: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = change();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function migrate(database: DatabaseSync): void {
  atOnce(database, () => {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version > migrations.length) {
      throw new CannotStart(
        'Frirum cannot start: the data folder was written by a newer version. ' +
          'Start that version, or set FRIRUM_DATA to another folder.'
      );
    }
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database
      .prepare('INSERT INTO server_key (id, secret) VALUES (1, ?) ON CONFLICT DO NOTHING')
      .run(randomBytes(32));
  });
}
