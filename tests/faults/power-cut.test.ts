import { expect, test } from 'vitest';
import { bookInChaos } from './chaos.ts';

const seed = Number(process.env['SEED'] ?? 20_261_121);
const short = { slots: 400, bookings: 1600, killEvery: 120, seed } as const;

test('what was acknowledged is there after every power cut: not lost, not doubled, no clip lost', async () => {
  const found = await bookInChaos({ ...short, synchronous: 'FULL' });
  console.log(`seed ${seed}`, found);
  expect(found).toMatchObject({
    lost: 0,
    doubled: 0,
    clipsLost: 0,
    changed: 0,
    acknowledged: short.slots
  });
  // Whether a cut finds anything unsynced is chance here; that cuts undo at all, the control shows.
  expect(found.kills).toBeGreaterThan(1);
}, 120_000);

test('the same with synchronous=NORMAL loses what it acknowledged: this test can fail', async () => {
  const found = await bookInChaos({ ...short, synchronous: 'NORMAL' });
  console.log(`seed ${seed}, control`, found);
  expect(found.lost + found.changed).toBeGreaterThan(0);
}, 120_000);
