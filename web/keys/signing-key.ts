/** The counsellor's signing key: Ed25519 (RFC 8032), held by the browser and never given out. */
export type SigningKey = {
  /** 32 bytes, for the certificate. */
  publicKey: Uint8Array;
  /** Non-extractable; hand it to openKeys. */
  privateKey: CryptoKey;
};

export type LoadedSigningKey =
  | ({ kind: 'loaded' } & SigningKey)
  /** The browser has no Ed25519, or keeps nothing (a private window). */
  | { kind: 'refused'; refusal: 'no-ed25519' | 'no-storage' };

const DATABASE = 'frirum-keys';
const STORE = 'signing-key';
const NAME = 'counsellor';

/**
 * The signing key of this browser; made the first time and stored in IndexedDB. Two tabs that make it
 * at the same moment end with the same key: the first one stored stays.
 */
export async function loadSigningKey(): Promise<LoadedSigningKey> {
  let database: IDBDatabase | undefined;
  try {
    database = await openDatabase();
    const stored = await readKey(database);
    if (stored) return { kind: 'loaded', ...stored };

    const made = await makeKey();
    if (!made) return { kind: 'refused', refusal: 'no-ed25519' };
    await addKey(database, made);
    const kept = await readKey(database);
    return kept ? { kind: 'loaded', ...kept } : { kind: 'refused', refusal: 'no-storage' };
  } catch {
    return { kind: 'refused', refusal: 'no-storage' };
  } finally {
    database?.close();
  }
}

async function makeKey(): Promise<SigningKey | undefined> {
  try {
    // The public half is always extractable; `false` is about the private one.
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    if (!('privateKey' in pair)) return undefined;
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    return { publicKey, privateKey: pair.privateKey };
  } catch {
    return undefined;
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
  return resultOf(request);
}

async function readKey(database: IDBDatabase): Promise<SigningKey | undefined> {
  const stored: unknown = await resultOf(database.transaction(STORE).objectStore(STORE).get(NAME));
  return isSigningKey(stored) ? stored : undefined;
}

/** Store unless another tab was first. */
function addKey(database: IDBDatabase, { publicKey, privateKey }: SigningKey): Promise<void> {
  const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
  const request = transaction.objectStore(STORE).add({ publicKey, privateKey }, NAME);
  request.addEventListener('error', (event) => {
    // Without this the whole transaction is aborted.
    if (request.error?.name === 'ConstraintError') event.preventDefault();
  });
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error));
  });
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

function isSigningKey(stored: unknown): stored is SigningKey {
  return (
    typeof stored === 'object' &&
    stored !== null &&
    'publicKey' in stored &&
    stored.publicKey instanceof Uint8Array &&
    'privateKey' in stored &&
    stored.privateKey instanceof CryptoKey
  );
}
