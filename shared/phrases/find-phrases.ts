import type { Phrase } from './phrase.ts';

/** A text as somebody types it in a hurry: without accents, vowel signs and capitals. */
const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\u0640]/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae');

/**
 * The phrases that hold every word typed, in the order they came.
 * @param says what else a phrase is found by: the name of its group
 */
export function findPhrases(
  phrases: readonly Phrase[],
  typed: string,
  says: (phrase: Phrase) => string
): readonly Phrase[] {
  const words = bare(typed).split(/\s+/).filter(Boolean);
  return phrases.filter((phrase) => {
    const text = bare(`${says(phrase)} ${phrase.text}`);
    return words.every((word) => text.includes(word));
  });
}
