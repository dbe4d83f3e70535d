import type { Language } from '#shared/visitor/visitor.ts';
import { formatLocale } from './format-locale.ts';

/** What a language is called in the language of this page. */
export const sayLanguage = (language: Language): string =>
  new Intl.DisplayNames([formatLocale()], { type: 'language' }).of(language) ?? language;

/** Several as people say them: "Danish, English and Turkish", or with `or`. */
export const sayLanguages = (
  languages: readonly Language[],
  type: 'conjunction' | 'disjunction' = 'conjunction'
): string => new Intl.ListFormat([formatLocale()], { type }).format(languages.map(sayLanguage));
