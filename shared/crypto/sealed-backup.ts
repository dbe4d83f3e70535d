import { isPostQuantum } from './sealed-note.ts';

/** What opens a backup: a passphrase (scrypt), or a recipient whose identity is kept elsewhere. */
export type BackupKey = { readonly passphrase: string } | { readonly recipient: string };
export type BackupOpener = { readonly passphrase: string } | { readonly identity: string };

/** A passphrase shorter than this is no lock, in characters. */
export const SHORTEST_PASSPHRASE = 16;

/**
 * Seals a backup as an age v1 file (C2SP age), which the age tool opens as well.
 * @throws RangeError for a passphrase that is too short, or a recipient that is not age1pq…
 */
export async function sealBackup(bytes: Uint8Array, key: BackupKey): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const age = new Encrypter();
  if ('passphrase' in key) {
    if (key.passphrase.length < SHORTEST_PASSPHRASE)
      throw new RangeError(`a passphrase has ${SHORTEST_PASSPHRASE} characters or more`);
    age.setPassphrase(key.passphrase);
  } else {
    if (!isPostQuantum(key.recipient)) throw new RangeError('a recipient begins with age1pq');
    age.addRecipient(key.recipient);
  }
  return age.encrypt(bytes);
}

/** @returns null when it is another's, another passphrase's, or damaged anywhere. */
export async function openBackup(
  sealed: Uint8Array,
  opener: BackupOpener
): Promise<Uint8Array | null> {
  const { Decrypter } = await import('age-encryption');
  try {
    const age = new Decrypter();
    if ('passphrase' in opener) age.addPassphrase(opener.passphrase);
    else age.addIdentity(opener.identity);
    return await age.decrypt(sealed);
  } catch {
    return null;
  }
}
