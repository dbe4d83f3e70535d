// T13: a socket that is open and says nothing costs little. Who dawdles is let go in tests/http/slow.test.ts.
import { expect, test } from 'vitest';
import { kilobytesPerSocket } from './idle-sockets.ts';

test('a thousand idle sockets cost 40 kB each at most', async () => {
  const cost = await kilobytesPerSocket(1_000);
  console.log(`${cost.toFixed(1)} kB for each idle socket`);
  expect(cost).toBeLessThanOrEqual(40);
}, 60_000);
