// npm run backup -- FILE: all of the durable store, sealed, while the server runs.
import { writeFileSync } from 'node:fs';
import { sealBackup } from '#shared/crypto/sealed-backup.ts';
import { readSettings } from '#server/settings.ts';
import { takeBackup } from '#server/store/durable/backup.ts';
import { takeRedisBackup } from '#server/store/durable/redis/redis-backup.ts';
import { giveUp, readArguments, readPassphrase } from './passphrase.ts';

const usage =
  'npm run backup -- FILE [--recipient age1pq… | --passphrase-file PATH]\n' +
  'Writes all of the durable store (the data folder’s database, or the Redis of REDIS_DURABLE_URL) to FILE, encrypted with age.';
const { file, recipient, ...given } = readArguments(usage);
const key = recipient
  ? { recipient }
  : { passphrase: await readPassphrase(given['passphrase-file']) };
try {
  const { dataFolder, durableRedis } = readSettings();
  const all =
    durableRedis === null
      ? await takeBackup(dataFolder, Date.now())
      : await takeRedisBackup(durableRedis, Date.now());
  const sealed = await sealBackup(all, key);
  // Never over another: the last good backup may be all there is.
  writeFileSync(file, sealed, { mode: 0o600, flag: 'wx' });
  console.log(`Written: ${file} (${sealed.length} bytes)`);
} catch (error) {
  giveUp(`No backup was made: ${error instanceof Error ? error.message : 'unknown'}`);
}
