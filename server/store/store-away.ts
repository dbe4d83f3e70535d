/** A store did not answer: nobody knows whether it took what it was given. Asking the same again is safe. */
export class StoreAway extends Error {
  /** For HTTP. */
  readonly status = 503;

  constructor() {
    super('a store did not answer');
    this.name = 'StoreAway';
  }
}
