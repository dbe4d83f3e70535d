import { baseLocale, isLocale, type Locale } from './paraglide/runtime.js';

/** The language a path is written in: `/en/chat` → `en`; a path without a prefix is Danish. */
export function languageOf(pathname: string): Locale {
  const first = pathname.split('/')[1];
  return isLocale(first) ? first : baseLocale;
}

/** The path of the page itself: `/en/chat` → `/chat`. */
export function withoutLanguage(pathname: string): string {
  const language = languageOf(pathname);
  return language === baseLocale ? pathname : pathname.slice(language.length + 1) || '/';
}

/** The same page in another language. */
export function inLanguage(pathname: string, language: Locale): string {
  const page = withoutLanguage(pathname);
  if (language === baseLocale) return page;
  return page === '/' ? `/${language}` : `/${language}${page}`;
}

/** How a page in this language is written: `dir` of its root. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}
