import { afterAll, afterEach } from 'vitest';

/**
 * What the tests of a file share for as long as they pass: made by the first that asks, and again after
 * one that failed, so that a second try never begins in the ruins of the first.
 */
export function whileGood<T>(make: () => Promise<T>, end: (made: T) => Promise<unknown>) {
  let made: Promise<T> | undefined;
  const clear = async () => {
    const old = made;
    made = undefined;
    if (old) await end(await old);
  };
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await clear().catch(() => {});
  });
  afterAll(clear);
  return {
    get: () => (made ??= make()),
    /** Nobody shall find it as it is now. */
    clear
  };
}
