import { expect, test } from 'vitest';
import { raceForClips, showForged } from './forged-clips.ts';

const seed = Number(process.env['SEED'] ?? 20_261_121);

test('of ten thousand forged and replayed clips none is accepted', async () => {
  const answers = await showForged(10_000, seed);
  console.log(`seed ${seed}: ${JSON.stringify(answers)}`);
  expect(answers['accepted']).toBeUndefined();
}, 600_000);

test('of ten thousand who show one clip at once, one has it, five times', async () => {
  expect(await raceForClips(5, 10_000)).toEqual([1, 1, 1, 1, 1]);
}, 600_000);
