import { readAddress } from './address.ts';
import { Servers } from './servers.ts';

/** A connection whose answers are bytes. */
export type Redis = Servers;

/**
 * Connects once; later losses are waited out in the background.
 * @throws when Redis cannot be reached within ten seconds, or refuses us
 */
export async function connect(url: string): Promise<Redis> {
  const address = readAddress(url);
  if (typeof address === 'string') throw new TypeError(address);
  return Servers.connect(address);
}
