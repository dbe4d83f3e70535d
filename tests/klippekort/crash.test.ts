import { describe, expect, test } from 'vitest';
import { tell, tellRandomStories } from './stories.ts';

describe('whatever dies, and wherever, no clip is lost and none is doubled', () => {
  test('in 150 random stories', async () => {
    const points = await tellRandomStories(1, 150);
    // All that a card goes through was there to break.
    for (const name of ['hold', 'settle', 'giveBack', 'issue', 'decide', 'say', 'heldFor', 'find'])
      for (const when of ['before', 'after']) expect(points).toContain(`server ${when} ${name}`);
    for (const name of ['issue-card', 'hold-clip', 'settle-clip', 'give-back-clip'])
      for (const when of ['before', 'after'])
        expect(points).toContain(`page ${when} klippekort:${name}`);
    expect(points).toContain('page after klippekort:ask-decision-clip');
    expect(points).toContain('page before keep');
    expect(points).toContain('page after keep');
  }, 120_000);

  test('with one death at every single point of a story, one after the other', async () => {
    const whole = await tell(() => false, 4);
    expect(whole.passed).toBeGreaterThan(60);
    for (let point = 1; point <= whole.passed; point += 1)
      await tell((passed) => passed === point, 4).catch((error: unknown) => {
        throw new Error(`point ${point}`, { cause: error });
      });
  }, 120_000);
});
