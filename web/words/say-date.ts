import { formatLocale } from './format-locale.ts';

/** A day as people say it, such as "21. november 2026". @param day `2026-11-21` */
export const sayDate = (day: string): string =>
  new Intl.DateTimeFormat(formatLocale(), { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`)
  );
