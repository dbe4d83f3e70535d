import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, type Settings } from '#server/settings.ts';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import { houseNow, openDurable } from '#server/store/open-stores.ts';

interface Inside {
  readonly settings: Settings;
  readonly store: Durable;
  /** Completes a link's path to what is sent to somebody. */
  readonly linkOf: (path: string) => string;
  /** What time it is in the house, which may have another clock than this machine. */
  readonly now: () => Promise<number>;
}

/**
 * Does something with the store, whether the server runs or not. What the person at the terminal can do
 * something about is printed as a line, and the status is 1.
 */
export async function inStore(
  work: (inside: Inside) => Promise<void>,
  { mustExist = true } = {}
): Promise<void> {
  let store: Durable | undefined;
  try {
    const settings = readSettings();
    const { dataFolder, durableRedis, origin, port } = settings;
    if (mustExist && durableRedis === null && !existsSync(join(dataFolder, 'frirum.sqlite')))
      throw new CannotStart(`There is nothing in ${dataFolder} yet. Run: npm run init`);
    const opened = await openDurable(settings);
    store = opened;
    const linkOf = (path: string) => `${origin ?? `http://localhost:${port}`}${path}`;
    await work({ settings, store: opened, linkOf, now: () => houseNow(settings, opened) });
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    console.error(error.message);
    process.exitCode = error.status;
  } finally {
    await store?.close();
  }
}
