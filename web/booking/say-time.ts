import { formatLocale } from '#web/words/format-locale.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${zone} ${JSON.stringify(how)}`;
  const known = formats.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat(formatLocale(), { timeZone: zone, ...how });
  formats.set(name, made);
  return made;
}

/** `15.00`. @param at milliseconds since 1970 */
export const sayTime = (at: number, zone: string): string =>
  format(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** `onsdag`. @param date `2026-11-25` */
export const sayWeekday = (date: string): string =>
  format('UTC', { weekday: 'long' }).format(Date.parse(date));

/** `25. november`. */
export const sayDate = (date: string): string =>
  format('UTC', { day: 'numeric', month: 'long' }).format(Date.parse(date));

/** `23.–29. november`. */
export const sayDates = (from: string, until: string): string =>
  format('UTC', { day: 'numeric', month: 'long' }).formatRange(Date.parse(from), Date.parse(until));

/** `25. nov.`. */
export const sayShortDate = (date: string): string =>
  format('UTC', { day: 'numeric', month: 'short' }).format(Date.parse(date));

/** `onsdag den 25. november`. */
export const sayDay = (at: number, zone: string): string =>
  format(zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(at);

/** `Europe/Copenhagen` → `Copenhagen`: the city is a name and is not translated. */
export const sayZone = (zone: string): string =>
  (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

/** Whether the clock on the wall shows something else there at that moment. */
export const isOtherTime = (at: number, one: string, other: string): boolean =>
  one !== other &&
  (sayTime(at, one) !== sayTime(at, other) || sayDay(at, one) !== sayDay(at, other));
