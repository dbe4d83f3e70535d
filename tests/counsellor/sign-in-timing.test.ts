import { expect, test } from 'vitest';
import { timeSignIns, told } from './sign-in-timing.ts';

test('the time of a sign-in does not tell who is known', { timeout: 240_000 }, async () => {
  const each = 40;
  const { known, ...others } = await timeSignIns(each);
  // Four standard errors: by chance one run in ten thousand is outside.
  const chance = 4 / Math.sqrt(6 * each);
  for (const [kind, times] of Object.entries(others))
    expect(Math.abs(told(known, times) - 0.5), kind).toBeLessThan(chance);
});

test('what would tell is told', () => {
  const some = Array.from({ length: 60 }, (_, n) => 80 + (n % 10));
  expect(told(some, some)).toBe(0.5);
  expect(
    told(
      some,
      some.map((one) => one - 20)
    )
  ).toBe(1);
});
