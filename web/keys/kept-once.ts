const KEY = 'counsellor';

/** A database of this browser with one thing in it. */
export interface Place {
  readonly database: string;
  readonly store: string;
}

/**
 * What this browser keeps in IndexedDB; made the first time. Two tabs that make it at the same moment end
 * with the same: the first one stored stays. Null when it could not be made. Rejects where nothing is kept,
 * as in a private window.
 */
export async function keptOnce<Kept>(
  place: Place,
  isKept: (stored: unknown) => stored is Kept,
  make: () => Promise<Kept | undefined>
): Promise<Kept | null> {
  const database = await openDatabase(place);
  try {
    const stored = await read(database, place);
    if (isKept(stored)) return stored;
    const made = await make();
    if (made === undefined) return null;
    await add(database, place, made);
    const kept = await read(database, place);
    if (!isKept(kept)) throw new Error('nothing is kept here');
    return kept;
  } finally {
    database.close();
  }
}

function openDatabase({ database, store }: Place): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(store));
  return resultOf(request);
}

const read = (database: IDBDatabase, { store }: Place): Promise<unknown> =>
  resultOf(database.transaction(store).objectStore(store).get(KEY));

/** Stores unless another tab was first. */
function add(database: IDBDatabase, { store }: Place, made: unknown): Promise<void> {
  const transaction = database.transaction(store, 'readwrite', { durability: 'strict' });
  const request = transaction.objectStore(store).add(made, KEY);
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
