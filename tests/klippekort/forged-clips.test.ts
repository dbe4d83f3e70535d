// T8: forged and replayed clips, and one clip shown by many at once at three nodes on a real Redis.
import { expect, test } from 'vitest';
import { raceForClips, showForged } from './forged-clips.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

test('of four hundred forged and replayed clips none is accepted', async () => {
  const answers = await showForged(400, seed);
  console.log(`seed ${seed}: ${JSON.stringify(answers)}`);
  expect(answers['accepted']).toBeUndefined();
}, 60_000);

test('of a thousand who show one clip at once, one has it, five times', async () => {
  expect(await raceForClips(5, 1_000)).toEqual([1, 1, 1, 1, 1]);
});
