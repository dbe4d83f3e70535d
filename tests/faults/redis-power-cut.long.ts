import { expect, test } from 'vitest';
import { bookInRedisChaos } from './redis-chaos.ts';

const seed = Number(process.env['SEED'] ?? 20_261_121);
const whole = { slots: 2500, bookings: 10_000, killEvery: 2500, failsFor: 600_000, seed } as const;

test('10,000 bookings and 2,500 clips on Redis, a node killed every second, the power cut every 2.5 s', async () => {
  const found = await bookInRedisChaos({
    ...whole,
    ...{ appendfsync: 'always', killNodeEvery: 1000 }
  });
  console.log(`seed ${seed}`, found);
  expect(found).toMatchObject({ lost: 0, doubled: 0, clipsLost: 0, changed: 0 });
  expect(found.acknowledged).toBe(whole.slots);
}, 1_800_000);

test('the same with everysec loses some', async () => {
  const found = await bookInRedisChaos({ ...whole, killEvery: 500, appendfsync: 'everysec' });
  console.log(`seed ${seed}, control`, found);
  expect(found.lost + found.changed).toBeGreaterThan(0);
}, 1_800_000);
