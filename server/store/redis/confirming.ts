import type { Client } from './client.ts';

/** Milliseconds for another server to say that it has what was written. */
const copiedWithin = 1_000;

/**
 * Whether a master would take what is to be confirmed: a copy has told it in these seconds how far it is.
 * Nothing is written for it: in a file that says something at fixed times, one can read when all the rest was.
 */
export async function hasCopy(client: Client): Promise<boolean> {
  const told = await client.info('replication');
  const good = /^min_slaves_good_slaves:(\d+)/m.exec(told)?.[1];
  return good === undefined ? /^slave\d+:.*state=online/m.test(told) : Number(good) > 0;
}

/**
 * Asks whether another server has what one was told, once for all that was sent to it in one turn of the
 * event loop.
 */
export class Confirming {
  private readonly under = new Map<Client, Promise<boolean>>();

  /** After what was sent to `client` in this turn. False also when it is not known. */
  isCopied(client: Client, key: string): Promise<boolean> {
    const under = this.under.get(client);
    if (under) return under;
    const asked = new Promise<void>((soon) => setImmediate(soon))
      .then(() => {
        this.under.delete(client);
        return this.ask(client, key);
      })
      .catch(() => false);
    this.under.set(client, asked);
    return asked;
  }

  /**
   * A connection waits for what was written on it: with this one, also for what others wrote before, and
   * what was answered out of that.
   */
  private async ask(client: Client, key: string): Promise<boolean> {
    const [, many] = await Promise.all([
      client.sendCommand(['SET', `${key}:confirmed`, '']),
      client.sendCommand(['WAIT', '1', String(copiedWithin)])
    ]);
    return Number(many) >= 1;
  }
}
