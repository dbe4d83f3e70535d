import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { visitorWords } from './visitor-words.ts';
import { neverUsedIn, sentencesOf, wordsOf } from './words.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const filesOf = (...patterns: string[]) =>
  globSync(patterns, {
    cwd: root,
    exclude: (name) => /node_modules|\.svelte-kit|paraglide/.test(name)
  }).toSorted();

const languages = filesOf('web/words/*.json').map((path) => ({
  path,
  words: JSON.parse(read(path)) as Record<string, string>
}));
const danish = languages.find(({ path }) => path.endsWith('da.json'))?.words ?? {};
const lines = JSON.parse(read('web/lines/lines.json')) as {
  id: string;
  about: Record<string, string>;
}[];

describe('words nobody reads here', () => {
  it.each([
    'Dit misbrug',
    'en hashmisbruger',
    'MISBRUG',
    'alkoholmisbruget',
    'misbrugt',
    'narkomaner',
    'substance abuse',
    'Abusers',
    'drug-abusing',
    'an addict',
    'Addiction',
    'a junkie',
    'bağımlılık',
    'Bağımlı mısın?',
    'çocuk istismarı',
    'الإدمان',
    'إِدْمَان',
    'المدمنين',
    'سوء استخدام المواد',
    'سوء المعاملة'
  ])('are found: %s', (text) => expect(neverUsedIn(text)).toHaveLength(1));

  it.each([
    'Vi bruger dine ord',
    'Hash',
    'Alkohol',
    'disabused',
    'additional',
    'bağlam',
    'السوق',
    'Hvad vil du gerne have hjælp til?'
  ])('are not these: %s', (text) => expect(neverUsedIn(text)).toEqual([]));

  it.each(languages)('$path has none', ({ words }) => {
    expect(Object.keys(words).length).toBeGreaterThan(100);
    expect(Object.entries(words).flatMap(([key, text]) => [key, ...neverUsedIn(text)])).toEqual(
      Object.keys(words)
    );
  });

  it.each(languages)('$path says each word once', ({ path }) => {
    const keys = [...read(path).matchAll(/^ {2}"(?<key>[^"]+)":/gm)].map(
      ({ groups }) => groups?.['key']
    );
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it('no page, no component, no list and no README has one', () => {
    const texts = filesOf(
      '*.md',
      'docs/**/*.md',
      'publiccode.yml',
      'package.json',
      'web/**/*.svelte',
      'web/**/*.json',
      'web/*.html',
      'build/**/*.html'
    );
    expect(texts.length).toBeGreaterThan(30);
    const found = texts.flatMap((path) =>
      neverUsedIn(read(path)).map((word) => `${path}: ${word}`)
    );
    expect(found).toEqual([]);
  });
});

describe('languages', () => {
  const placeholders = (text: string) =>
    [...text.matchAll(/\{[^}]*\}|%\w+%/g)].map(([all]) => all).toSorted();

  const shape = (of: Record<string, string>) =>
    Object.fromEntries(Object.entries(of).map(([key, text]) => [key, placeholders(text)]));
  const forVisitors = visitorWords();
  const whatVisitorsRead = Object.fromEntries(
    Object.entries(danish).filter(([key]) => forVisitors.has(key))
  );
  const isOfAll = ({ path }: { path: string }) => /(?:da|en)\.json$/.test(path);

  it.each(languages.filter(isOfAll))(
    '$path says everything that Danish says, with the same to fill in',
    ({ words }) => {
      expect(shape(words)).toEqual(shape(danish));
    }
  );

  it.each(languages.filter((language) => !isOfAll(language)))(
    '$path says everything a visitor reads, with the same to fill in',
    ({ words }) => {
      expect(Object.keys(whatVisitorsRead).length).toBeGreaterThan(600);
      expect(shape(words)).toEqual(shape(whatVisitorsRead));
    }
  );

  it.each(languages)('$path leaves nothing empty', ({ words }) => {
    for (const [key, text] of Object.entries(words)) expect(text.trim(), key).not.toBe('');
  });

  it('the other lines are told in every language', () => {
    const known = languages.map(({ path }) => path.replace(/^.*\/|\.json$/g, ''));
    for (const { id, about } of lines)
      expect(Object.keys(about).toSorted(), id).toEqual(known.toSorted());
  });
});

describe('what a visitor reads', () => {
  const most = 20;
  const forStaff = /^(?:desk|aside|sign_in|shift)_/;
  const read = languages.map(({ path, words }) => {
    const language = path.replace(/^.*\/|\.json$/g, '');
    const texts = [
      ...Object.entries(words).filter(([key]) => !forStaff.test(key)),
      ...lines.map(({ id, about }) => [id, about[language] ?? ''] as const)
    ];
    return { language, texts };
  });

  it('counts words as somebody reading does', () => {
    expect(sentencesOf('Kom ind. Er der nogen? Vent …')).toHaveLength(3);
    expect(wordsOf('Du er nummer {place} – lige nu')).toHaveLength(6);
  });

  it.each(read)(`has no sentence of more than ${most} words ($language)`, ({ texts }) => {
    const long = texts.flatMap(([key, text]) =>
      sentencesOf(text)
        .filter((sentence) => wordsOf(sentence).length > most)
        .map((sentence) => `${key}: ${sentence}`)
    );
    expect(texts.length).toBeGreaterThan(80);
    expect(long).toEqual([]);
  });
});
