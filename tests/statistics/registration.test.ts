import { expect, test } from 'vitest';
import { lengthBandOf } from '#shared/statistics/registration.ts';

test.each([
  [0, 'under-15'],
  [14.99, 'under-15'],
  [15, '15-30'],
  [30, '30-60'],
  [59.9, '30-60'],
  [60, 'over-60'],
  [600, 'over-60']
] as const)('a conversation of %d minutes is in the band %s', (minutes, band) => {
  expect(lengthBandOf(minutes)).toBe(band);
});
