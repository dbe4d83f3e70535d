import { expect, test } from 'vitest';
import { kilobytesPerSocket } from './idle-sockets.ts';

test('five thousand idle sockets cost 40 kB each at most', async () => {
  const cost = await kilobytesPerSocket(5_000);
  console.log(`${cost.toFixed(1)} kB for each idle socket`);
  expect(cost).toBeLessThanOrEqual(40);
}, 180_000);
