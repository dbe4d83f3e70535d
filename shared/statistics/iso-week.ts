import * as v from 'valibot';

/** A week of ISO 8601, e.g. `2026-W05`; in the order of the letters they are in the order of time. */
export const IsoWeek = v.pipe(v.string(), v.regex(/^\d{4}-W(?:0[1-9]|[1-4]\d|5[0-3])$/));
export type IsoWeek = v.InferOutput<typeof IsoWeek>;

const oneDay = 86_400_000;
const calendar = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Copenhagen',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric'
});

/**
 * The week that a moment is in where the service is, in Denmark (ISO 8601: weeks begin on Monday, and the
 * first of a year holds its first Thursday).
 * @param now milliseconds since 1970
 */
export function isoWeekOf(now: number): IsoWeek {
  const parts = calendar.formatToParts(now);
  const part = (type: 'year' | 'month' | 'day') =>
    Number(parts.find((one) => one.type === type)?.value);
  // From here on a calendar day is the midnight of UTC that has its name: no clock changes there.
  const day = Date.UTC(part('year'), part('month') - 1, part('day'));
  const thursday = day + (3 - ((new Date(day).getUTCDay() + 6) % 7)) * oneDay;
  const year = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * oneDay)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
