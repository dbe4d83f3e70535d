import { expect, test } from 'vitest';
import { timeSignIns, told } from './sign-in-timing.ts';

const median = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

test('2,000 sign-ins of each kind take the same time', { timeout: 3 * 3_600_000 }, async () => {
  const each = 2000;
  const { known, ...others } = await timeSignIns(each);
  console.log(`known: median ${median(known).toFixed(2)} ms of ${each}`);
  for (const [kind, times] of Object.entries(others)) {
    const tells = told(known, times);
    console.log(`${kind}: median ${median(times).toFixed(2)} ms, told apart ${tells.toFixed(4)}`);
    expect(Math.abs(tells - 0.5), kind).toBeLessThan(4 / Math.sqrt(6 * each));
  }
});
