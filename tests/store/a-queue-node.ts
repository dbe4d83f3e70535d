import { HouseClock } from '#server/store/volatile/redis/house-clock.ts';
import { HouseLink } from '#server/store/volatile/redis/house-link.ts';
import { RedisNeighbours } from '#server/store/volatile/redis/redis-neighbours.ts';
import { RedisQueue } from '#server/store/volatile/redis/redis-queue.ts';

/**
 * One node of a house: its queue, and the lease by which the others know that it lives.
 * @param kept milliseconds for which a place is kept, where it is not as long as in the product
 */
export async function aQueueNode(url: string, house: Uint8Array, kept?: number) {
  const link = await HouseLink.open(url, house);
  const neighbours = new RedisNeighbours(link, await HouseClock.open(link));
  const queue = new RedisQueue(link, kept);
  const end = async (isSaid: boolean) => {
    queue.stop();
    await neighbours.stop(isSaid);
    await link.stop();
  };
  return {
    queue,
    stop: () => end(true),
    /** As SIGKILL does: nothing is said, nothing renewed. */
    die: () => end(false)
  };
}
