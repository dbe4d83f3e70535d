import type { Clock } from '#server/clock.ts';
import { EmbeddedStarts } from '../embedded-allowance.ts';
import type { HouseStore } from '../house.ts';
import type { QueueStore } from '../queue-store.ts';
import { HouseClock } from './house-clock.ts';
import { HouseLink } from './house-link.ts';
import { RedisAllowance, RedisStarts } from './redis-allowance.ts';
import { RedisAttempts } from './redis-attempts.ts';
import { RedisNeighbours } from './redis-neighbours.ts';
import { RedisOnce } from './redis-once.ts';
import { RedisQueue } from './redis-queue.ts';
import { RedisUnsettled } from './redis-unsettled.ts';

/**
 * What several nodes have in common beside their conversations, in a Redis that writes nothing to disk.
 * @param secret the same on every node
 * @param forgottenAfter milliseconds for which a conversation waits for somebody to come back
 * @throws when Redis cannot be reached
 */
export async function openRedisHouse(
  url: string,
  secret: Uint8Array,
  forgottenAfter: number
): Promise<{ readonly queue: QueueStore; readonly house: HouseStore; readonly clock: Clock }> {
  const link = await HouseLink.open(url, secret);
  const clock = await HouseClock.open(link);
  const neighbours = new RedisNeighbours(link, clock);
  const queue = new RedisQueue(link);
  const unsettled = new RedisUnsettled(link, forgottenAfter);
  return {
    queue,
    clock,
    house: {
      once: new RedisOnce(link),
      attempts: new RedisAttempts(link),
      allowance: (matter, rule) => new RedisAllowance(link, matter, rule),
      starts: new RedisStarts(link, new EmbeddedStarts(clock)),
      neighbours,
      unsettled,
      stop: async () => {
        queue.stop();
        unsettled.stop();
        await neighbours.stop();
        await link.stop();
      }
    }
  };
}
