import { expect, test } from 'vitest';
import { bookInChaos } from './chaos.ts';

const seed = Number(process.env['SEED'] ?? 20_261_121);
const whole = { slots: 2000, bookings: 10_000, killEvery: 1000, seed } as const;

test('10,000 bookings on 2,000 slots, killed every second with the power cut', async () => {
  const found = await bookInChaos({ ...whole, synchronous: 'FULL' });
  console.log(`seed ${seed}`, found);
  expect(found).toMatchObject({ lost: 0, doubled: 0, clipsLost: 0, changed: 0 });
  expect(found.acknowledged).toBe(2000);
}, 1_800_000);

test('the same with synchronous=NORMAL loses some', async () => {
  const found = await bookInChaos({ ...whole, synchronous: 'NORMAL' });
  console.log(`seed ${seed}, control`, found);
  expect(found.lost + found.changed).toBeGreaterThan(0);
}, 1_800_000);
