// npm run restore -- FILE: puts a backup in place of the durable store. The server must be stopped.
import { readFileSync } from 'node:fs';
import { openBackup } from '#shared/crypto/sealed-backup.ts';
import { readSettings } from '#server/settings.ts';
import { putInPlace, type RestoreRefusal } from '#server/store/durable/backup.ts';
import { putInRedis } from '#server/store/durable/redis/redis-backup.ts';
import { firstLine, giveUp, readArguments, readPassphrase } from './passphrase.ts';

const usage =
  'npm run restore -- FILE [--identity-file PATH | --passphrase-file PATH] [--force]\n' +
  'Puts the backup in FILE in place of the durable store. Stop the server first, all of its nodes.';
const words: Record<RestoreRefusal, string> = {
  'no-backup': 'FILE is no backup of Frirum, or one of the other kind of store.',
  damaged: 'The database in FILE is damaged.',
  'of-a-newer-version': 'FILE was written by a newer version of Frirum.',
  'server-runs': 'A server is running on this data. Stop it first.',
  'data-is-newer':
    'What is in the data folder is newer than FILE. With --force it is replaced, and lost.',
  'data-is-there': 'There is data in this Redis. With --force it is replaced, and lost.'
};

const { file, force, ...given } = readArguments(usage);
const identityFile = given['identity-file'];
const opener = identityFile
  ? { identity: firstLine(identityFile) }
  : { passphrase: await readPassphrase(given['passphrase-file']) };
let refusal: RestoreRefusal | 'not-opened' | null;
try {
  const bytes = await openBackup(new Uint8Array(readFileSync(file)), opener);
  const { dataFolder, durableRedis } = readSettings();
  if (!bytes) refusal = 'not-opened';
  else if (durableRedis === null) refusal = putInPlace(dataFolder, bytes, force);
  else refusal = await putInRedis(durableRedis, bytes, force);
} catch (error) {
  giveUp(`Nothing was restored: ${error instanceof Error ? error.message : 'unknown'}`);
}
if (refusal === 'not-opened')
  giveUp('Nothing was restored: FILE does not open. It is damaged, or the key is another one.');
if (refusal) giveUp(`Nothing was restored: ${words[refusal]}`);
console.log('Restored.');
