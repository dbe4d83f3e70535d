/**
 * Words young people do not see themselves in, and that nobody here reads: abuse, abuser, addict and
 * their like. One expression for each language; a text is held against all of them.
 */
const neverUsed: readonly RegExp[] = [
  // Danish: misbrug, misbruger, stofmisbrug, alkoholmisbruget; narkoman, junkie
  /misbru[gd]\p{L}*/giu,
  /narkoman\p{L}*/giu,
  /junk(?:ie|y)\p{L}*/giu,
  /afhængighed\p{L}*/giu,
  // English: abuse, abuser, drug-abusing; addict, addiction
  /(?<!dis)abus(?:e|er|ers|es|ed|ing|ive)(?!\p{L})/giu,
  /addict\p{L}*/giu,
  // Turkish: bağımlı, bağımlılık; istismar, istismarcı
  /bağıml[ıi]\p{L}*/giu,
  /(?<!\p{L})istismar\p{L}*/giu,
  // Arabic: إدمان، مدمن، سوء استخدام، سوء معاملة, with or without article and vowel signs
  /(?:ال)?[إا]دمان/gu,
  /(?:ال)?مدمن\p{L}*/gu,
  /سو[ءئ]\s+(?:ال)?(?:استخدام|استعمال|معاملة)/gu
];

/** Every word of a text that is never used here. */
export function neverUsedIn(text: string): string[] {
  // Vowel signs and the letter-stretcher are no part of a word.
  const bare = text.normalize('NFC').replace(/[\u064b-\u0652\u0640]/g, '');
  return neverUsed.flatMap((words) => bare.match(words) ?? []);
}

/** The sentences of a text, as somebody reads them out. */
export const sentencesOf = (text: string): string[] =>
  text
    .split(/(?<=[.!?…:؟])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter(Boolean);

/** Words of a sentence; what is filled in counts as one. */
export const wordsOf = (sentence: string): string[] =>
  sentence
    .replace(/\{[^}]*\}/g, 'x')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
