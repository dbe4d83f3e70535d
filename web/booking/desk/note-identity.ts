import { keptOnce } from '../../keys/kept-once.ts';
import type { ClosedIdentity } from '../note-orders.ts';
import { inWorker } from '../notes.ts';

const place = { database: 'frirum-note-key', store: 'identity' };

/**
 * The age identity (ML-KEM-768 with X25519) with which this browser opens notes; made the first time. It is
 * kept closed: the key to it is the browser's, and is never given out.
 * @returns the name of what is in the way where there is none
 */
export async function loadNoteIdentity(): Promise<ClosedIdentity | 'no-storage' | 'cannot-load'> {
  try {
    return (await keptOnce(place, isIdentity, makeIdentity)) ?? 'cannot-load';
  } catch {
    return 'no-storage';
  }
}

async function makeIdentity(): Promise<ClosedIdentity | undefined> {
  const how = { name: 'AES-GCM', length: 256 };
  const key = await crypto.subtle.generateKey(how, false, ['encrypt', 'decrypt']);
  const made = await inWorker({ ask: 'closed-identity', key });
  return made.kind === 'closed-identity' ? made.identity : undefined;
}

const isIdentity = (stored: unknown): stored is ClosedIdentity =>
  typeof stored === 'object' &&
  stored !== null &&
  'recipient' in stored &&
  'closed' in stored &&
  'key' in stored &&
  stored.key instanceof CryptoKey;
