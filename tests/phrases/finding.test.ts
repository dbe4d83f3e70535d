import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findPhrases } from '#shared/phrases/find-phrases.ts';
import { inOrder, placeAfterStep, placeAtEnd } from '#shared/phrases/order.ts';
import { PhraseGroup, type Phrase } from '#shared/phrases/phrase.ts';
import { Language } from '#shared/visitor/visitor.ts';
import { shippedIn } from '#server/phrases/shipped.ts';
import { neverUsedIn, sentencesOf, wordsOf } from '#tests/house/words.ts';

const idsFound = (language: Language, typed: string) =>
  findPhrases(shippedIn(language), typed, ({ group }) => group).map(({ id }) => id);

describe('typing finds', () => {
  test.each([
    ['da', 'skala', 'scale-now'],
    ['da', 'SKALA  0', 'scale-now'],
    ['da', 'FORÆLDRE', 'honest-parents'],
    ['da', 'sta hvor', 'listen-sense'],
    ['da', 'scale', 'scale-step'],
    ['en', 'scale worst', 'scale-now'],
    ['tr', 'olcek', 'scale-now'],
    ['tr', 'SIKAN', 'outside-name'],
    ['ar', 'مقياس', 'scale-now'],
    ['ar', 'نفس هادئ', 'goodbye-pause']
  ] as const)('%s: %s', (language, typed, id) => {
    expect(idsFound(language, typed)).toContain(id);
  });

  test('only what holds every word, and everything for nothing', () => {
    expect(idsFound('da', 'skala farvel')).toEqual([]);
    expect(idsFound('da', '  ')).toHaveLength(shippedIn('da').length);
  });
});

describe('the order', () => {
  const anyPhrases = fc
    .array(
      fc.record({
        id: fc.stringMatching(/^[a-z]{4,8}$/),
        group: fc.constantFrom(...PhraseGroup.options.slice(0, 2)),
        place: fc.integer({ min: -1000, max: 1000 })
      }),
      { minLength: 1, maxLength: 12 }
    )
    .map((drawn): Phrase[] =>
      [...new Map(drawn.map((one) => [one.id, one])).values()].map((one, at) => ({
        ...one,
        place: one.place + at / 100,
        text: 'x',
        hidden: false,
        version: 1,
        shipped: null
      }))
    );
  const idsOf = (phrases: readonly Phrase[], group: PhraseGroup) =>
    inOrder(phrases)
      .filter((one) => one.group === group)
      .map(({ id }) => id);

  test('changes by one step, and stops at the ends', () => {
    fc.assert(
      fc.property(anyPhrases, fc.nat(), fc.constantFrom(-1, 1), (phrases, which, step) => {
        const moved = phrases[which % phrases.length];
        if (!moved) return;
        const before = idsOf(phrases, moved.group);
        const at = before.indexOf(moved.id);
        const place = placeAfterStep(phrases, moved, step);
        expect(place === null).toBe(before[at + step] === undefined);
        if (place === null) return;
        const expected = before.with(at, before[at + step] ?? '').with(at + step, moved.id);
        const after = phrases.map((one) => (one === moved ? { ...one, place } : one));
        expect(idsOf(after, moved.group)).toEqual(expected);
      })
    );
  });

  test('has the newest of a group last', () => {
    fc.assert(
      fc.property(anyPhrases, (phrases) => {
        const place = placeAtEnd(phrases, 'begin');
        const others = phrases.filter(({ group }) => group === 'begin');
        expect(others.every((one) => one.place < place)).toBe(true);
      })
    );
  });
});

describe('the phrases that ship', () => {
  test('fill every group, and no name is there twice', () => {
    const phrases = shippedIn('da');
    expect(new Set(phrases.map(({ id }) => id)).size).toBe(phrases.length);
    for (const group of PhraseGroup.options)
      expect(phrases.filter((one) => one.group === group).length).toBeGreaterThanOrEqual(3);
  });

  test.each(Language.options)('are short, and say no word that is never used (%s)', (language) => {
    for (const { id, text } of shippedIn(language)) {
      expect(neverUsedIn(text), id).toEqual([]);
      for (const sentence of sentencesOf(text))
        expect(wordsOf(sentence).length, `${id}: ${sentence}`).toBeLessThanOrEqual(20);
    }
  });

  test('leave the same gaps to fill in, in every language', () => {
    const gaps = (language: Language) =>
      shippedIn(language).map(({ id, text }) => [id, text.split('…').length]);
    for (const language of Language.options) expect(gaps(language)).toEqual(gaps('da'));
  });
});
