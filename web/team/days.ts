import { getLocale } from '#web/words/paraglide/runtime.js';

const dayLong = 86_400_000;

/** Whole days from `now` (milliseconds since 1970) until `day` (days since 1970); 0 is today. */
export const daysUntil = (day: number, now: number): number => day - Math.floor(now / dayLong);

/** A day as people say it: today, yesterday, five days ago, or its date. */
export function sayDay(day: number, now: number): string {
  const away = daysUntil(day, now);
  if (Math.abs(away) < 7)
    return new Intl.RelativeTimeFormat(getLocale(), { numeric: 'auto' }).format(away, 'day');
  return new Intl.DateTimeFormat(getLocale(), {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC'
  }).format(day * dayLong);
}

/** A moment (milliseconds since 1970) with its weekday and hour, where the reader is. */
export const sayMoment = (moment: number): string =>
  new Intl.DateTimeFormat(getLocale(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit'
  }).format(moment);
