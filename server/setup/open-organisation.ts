import type { Settings } from '#server/settings.ts';
import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import { openTryOut } from '#server/try-out/organisation.ts';
import { openSetUp, type Organisation } from './organisation.ts';

/**
 * The organisation that `npm run init` has set up in the data folder; without one, a try-out's own, and
 * elsewhere there is no start. `now`: milliseconds since 1970.
 */
export async function openOrganisation(
  { dataFolder, tryOut }: Pick<Settings, 'dataFolder' | 'tryOut'>,
  store: Pick<Durable, 'organisation' | 'certificates'>,
  now: number
): Promise<Organisation> {
  const stored = await store.organisation();
  if (stored) return openSetUp(dataFolder, stored, store.certificates);
  if (tryOut) return openTryOut(dataFolder, now);
  throw new CannotStart(
    `Frirum cannot start: ${dataFolder} is not set up yet. Run: npm run init (with the same FRIRUM_DATA).`
  );
}
