import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerWaitOf, oldestUnanswered } from '#shared/conversation/answer-wait.ts';

const said = (...from: string[]) => from.map((who, id) => ({ id, from: who }));

describe('who waits for an answer', () => {
  it.each([
    [[], null],
    [['me'], null],
    [['other'], 0],
    [['other', 'other'], 0],
    [['other', 'me'], null],
    [['other', 'me', 'other', 'other'], 2],
    [['me', 'third'], null],
    [['me', 'third', 'other'], 2]
  ])('after %j it is message %s', (from, id) =>
    expect(oldestUnanswered(said(...from))?.id ?? null).toBe(id)
  );

  it('one answer is enough for all that was said before it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('me', 'other', 'third')), (from) => {
        expect(oldestUnanswered(said(...from, 'me'))).toBeNull();
      })
    );
  });
});

it.each([
  [0, 'fresh'],
  [59_999, 'fresh'],
  [60_000, 'long'],
  [179_999, 'long'],
  [180_000, 'too-long']
])('%d ms is %s', (waited, step) => expect(answerWaitOf(waited)).toBe(step));
