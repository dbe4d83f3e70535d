/** A store did not answer: nobody knows whether it took what it was given. Asking the same again is safe. */
export class StoreAway extends Error {
  /** For HTTP. */
  readonly status = 503;

  constructor() {
    super('a store did not answer');
    this.name = 'StoreAway';
  }
}

/**
 * What a Redis answers, or `StoreAway`: only of what it says a script itself found wrong is it known that
 * nothing was done.
 */
export async function known<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('ERR ')) throw error;
    throw new StoreAway();
  }
}
