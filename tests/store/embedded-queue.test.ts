import { EmbeddedQueue } from '#server/store/volatile/embedded-queue.ts';
import { queueContract } from './queue-contract.ts';

queueContract('one node', async (kept) => {
  // Fifteen minutes pass with each look, when a place is kept for a moment.
  let now = Date.now();
  const clock = { now: () => (now += kept === undefined ? 0 : 20 * 60_000) };
  return { queue: new EmbeddedQueue(clock), stop: async () => {} };
});
