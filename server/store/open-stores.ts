import { existsSync, mkdirSync } from 'node:fs';
import { systemClock, type Clock } from '#server/clock.ts';
import type { Settings } from '#server/settings.ts';
import { CannotStart, codeOf } from './durable/cannot-start.ts';
import type { Durable } from './durable/durable.ts';
import { openEmbedded } from './durable/embedded.ts';
import { openRedisDurable, type RedisDurable } from './durable/redis/open-redis-durable.ts';
import { EmbeddedQueue } from './volatile/embedded-queue.ts';
import { EmbeddedRelay } from './volatile/embedded-relay.ts';
import type { HouseStore } from './volatile/house.ts';
import type { QueueStore } from './volatile/queue-store.ts';
import { checkVolatile } from './volatile/redis/check-volatile.ts';
import { HouseClock } from './volatile/redis/house-clock.ts';
import { HouseLink } from './volatile/redis/house-link.ts';
import { openRedisHouse } from './volatile/redis/open-house.ts';
import { RedisRelay } from './volatile/redis/redis-relay.ts';
import { waitsForSomebody, type RelayStore } from './volatile/relay.ts';

export interface Stores {
  readonly durable: Durable;
  readonly relay: RelayStore;
  readonly queue: QueueStore;
  /** What several nodes share beside; one node has it in memory. */
  readonly house?: HouseStore;
  /** What time it is in the house: several nodes have one clock. */
  readonly clock: Clock;
  /** What cannot be reached at the moment, in a few words for `/readyz`; null when all of it can. */
  away(): string | null;
  /** How many servers of theirs came later than this node and are set up wrongly. */
  wrongServers?(): number;
}

/** Opens the stores that the settings name; `own`: this machine's clock. @throws CannotStart with what the operator can do about it */
export async function openStores(
  settings: Settings,
  own: Clock,
  forgottenAfter = waitsForSomebody
): Promise<Stores> {
  const { volatileRedis } = settings;
  const durable = await openDurable(settings);
  const durableAway = () => (durable.isAway() ? 'durable-store-away' : null);
  if (volatileRedis === null) {
    const [relay, queue] = [new EmbeddedRelay(own, forgottenAfter), new EmbeddedQueue(own)];
    return { durable, relay, queue, clock: own, away: durableAway };
  }
  const { relay, queue, house, clock } = await reach('REDIS_VOLATILE_URL', async () => {
    await checkVolatile(volatileRedis);
    const secret = durable.secret();
    const relay = await RedisRelay.open(volatileRedis, secret, forgottenAfter);
    return { relay, ...(await openRedisHouse(volatileRedis, secret, forgottenAfter)) };
  });
  return {
    durable,
    relay,
    queue,
    house,
    clock,
    away: () => (relay.isAway ? 'volatile-store-away' : durableAway()),
    wrongServers: () => relay.wrongServers + durable.wrongServers()
  };
}

/**
 * What time it is in the house, for who only looks in: milliseconds since 1970, by the clock that its nodes
 * go by. @throws CannotStart with what the operator can do about it
 */
export async function houseNow({ volatileRedis }: Settings, durable: Durable): Promise<number> {
  if (volatileRedis === null) return systemClock.now();
  return reach('REDIS_VOLATILE_URL', async () => {
    const link = await HouseLink.open(volatileRedis, durable.secret());
    try {
      return (await HouseClock.open(link)).now();
    } finally {
      await link.stop();
    }
  });
}

/** The durable store that the settings name. @throws CannotStart with what the operator can do about it */
export async function openDurable({ dataFolder, durableRedis }: Settings): Promise<RedisDurable> {
  if (durableRedis === null)
    return { ...openEmbedded(dataFolder), isAway: () => false, wrongServers: () => 0 };
  // Keys of this node stay in its folder.
  if (!existsSync(dataFolder)) mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  return reach('REDIS_DURABLE_URL', () => openRedisDurable(durableRedis));
}

/** The address may hold a password, so only the setting is named. */
async function reach<T>(setting: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof CannotStart) throw error;
    throw new CannotStart(
      `Frirum cannot start: the Redis of ${setting} cannot be reached (${reasonOf(error)}). ` +
        'Start it, or correct the address.'
    );
  }
}

/** What Redis itself answered, such as WRONGPASS, without what follows; else what the system calls it. */
const reasonOf = (error: unknown): string =>
  /^([A-Z]{4,}) /.exec(error instanceof Error ? error.message : '')?.[1] ?? codeOf(error);
