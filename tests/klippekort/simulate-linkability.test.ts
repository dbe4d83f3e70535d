import { describe, expect, test } from 'vitest';
import { simulate } from '../../scripts/simulate-linkability.ts';

/** The figures that SECURITY.md quotes. */
describe('a fifth conversation is linked to the right fourth', () => {
  test('in under 22 % of cases at five new visitors a week, and a shown number would triple it', () => {
    const { numbered, fourPlusOne } = simulate(5);
    expect(fourPlusOne).toBeLessThan(0.22);
    expect(numbered).toBeGreaterThan(3 * fourPlusOne);
  });

  test('in under 5 % at twenty', () => {
    const { numbered, fourPlusOne } = simulate(20);
    expect(fourPlusOne).toBeLessThan(0.05);
    expect(numbered).toBeGreaterThan(5 * fourPlusOne);
  });
});
