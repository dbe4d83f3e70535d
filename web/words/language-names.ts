import type { Language } from '#shared/visitor/visitor.ts';

/** What each language calls itself. */
export const languageNames: Readonly<Record<Language, string>> = {
  da: 'Dansk',
  en: 'English',
  ar: 'العربية',
  tr: 'Türkçe'
};
