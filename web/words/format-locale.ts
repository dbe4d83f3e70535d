import { getLocale, type Locale } from './paraglide/runtime.js';

/** How days, times and numbers are written; in Denmark also Arabic is read beside Western digits. */
const formats: Readonly<Record<Locale, string>> = {
  da: 'da-DK',
  en: 'en-GB',
  ar: 'ar-u-nu-latn',
  tr: 'tr-TR'
};

/** The locale for `Intl` in the language of this page. */
export const formatLocale = (): string => formats[getLocale()];
