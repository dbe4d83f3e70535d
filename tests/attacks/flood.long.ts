// T12: ten sockets that flood a node do not slow down who talks there. It needs the machine for itself.
import { expect, test } from 'vitest';
import { talkUnderFlood } from './ten-floods.ts';

/** Milliseconds. */
const goal = 50;

test('99 of 100 messages take 50 ms at most; with the limits off they do not', async () => {
  const limited = await talkUnderFlood({ goal, rounds: 6 });
  const off = { rate: 1e9, burst: 1e9, openCalls: 1e9, waitingPackets: 1e9, waitingBytes: 1e9 };
  const control = await talkUnderFlood({ goal, rounds: 1, limits: off });
  console.log(`p99 in ms: ${limited.join(', ')}; without limits: ${control.join(', ')}`);
  expect(Math.min(...limited)).toBeLessThanOrEqual(goal);
  expect(Math.min(...control)).toBeGreaterThan(goal);
}, 60_000);
