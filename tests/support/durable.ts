import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Durable } from '#server/store/durable/durable.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { furnish } from './fresh-house.ts';

interface DurableOfTests {
  /** Opens what is kept under the name of a folder, again or for the first time. */
  open(folder: string): Promise<Durable>;
  /** Where its files are. */
  filesOf(folder: string): string;
  /** Puts into an empty folder what a first start would make. */
  furnish?(folder: string): void;
}

let durable: DurableOfTests = {
  open: async (folder) => openEmbedded(folder),
  filesOf: (folder) => folder,
  furnish
};

/** The durable store of a test: embedded, unless its file says otherwise (on-redis.ts). */
export const openDurable = (folder: string): Promise<Durable> => durable.open(folder);

/** A house that has been started before, where its store can be copied. */
export const openFurnished = (folder: string): Promise<Durable> => {
  durable.furnish?.(folder);
  return durable.open(folder);
};

/** Every file of the store, as somebody carries it away while the server runs. */
export function stolen(folder: string): Buffer {
  const files = durable.filesOf(folder);
  return Buffer.concat(readdirSync(files).map((name) => readFileSync(join(files, name))));
}

export function useDurable(other: DurableOfTests): void {
  durable = other;
}
