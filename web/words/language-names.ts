import type { Locale } from './paraglide/runtime.js';

/** What each language calls itself. */
export const languageNames: Readonly<Record<Locale, string>> = { da: 'Dansk', en: 'English' };
