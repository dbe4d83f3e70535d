import { Temporal } from 'temporal-polyfill';
import type { LocalDate } from './planned-shift.ts';

/** Their names are in the words of the page. */
export type HolidayName =
  | 'new-year'
  | 'maundy-thursday'
  | 'good-friday'
  | 'easter-sunday'
  | 'easter-monday'
  | 'ascension'
  | 'whit-sunday'
  | 'whit-monday'
  | 'constitution-day'
  | 'christmas-eve'
  | 'christmas-day'
  | 'second-christmas-day'
  | 'new-years-eve';

/**
 * Easter Sunday of the Gregorian calendar: the anonymous algorithm of Nature 13 (1876), p. 487, as given by
 * J. Meeus, Astronomical Algorithms, chapter 8. @param year 1583 or later
 */
export function easterSunday(year: number): Temporal.PlainDate {
  const whole = Math.floor;
  const a = year % 19;
  const b = whole(year / 100);
  const c = year % 100;
  const f = whole((b + 8) / 25);
  const g = whole((b - f + 1) / 3);
  const h = (19 * a + b - whole(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * whole(c / 4) - h - (c % 4)) % 7;
  const m = whole((a + 11 * h + 22 * l) / 451);
  const month = whole((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return Temporal.PlainDate.from({ year, month, day });
}

/**
 * The days a Danish municipality is closed, in order, to be proposed and never forced. Store bededag is not
 * among them (abolished from 2024); 5 June, 24 and 31 December are by custom and agreement.
 */
export function danishHolidays(year: number): { date: LocalDate; name: HolidayName }[] {
  const easter = easterSunday(year);
  const after = (days: number) => easter.add({ days }).toString();
  const on = (day: string) => `${String(year).padStart(4, '0')}-${day}`;
  const days: { date: LocalDate; name: HolidayName }[] = [
    { date: on('01-01'), name: 'new-year' },
    { date: after(-3), name: 'maundy-thursday' },
    { date: after(-2), name: 'good-friday' },
    { date: after(0), name: 'easter-sunday' },
    { date: after(1), name: 'easter-monday' },
    { date: after(39), name: 'ascension' },
    { date: after(49), name: 'whit-sunday' },
    { date: after(50), name: 'whit-monday' },
    { date: on('06-05'), name: 'constitution-day' },
    { date: on('12-24'), name: 'christmas-eve' },
    { date: on('12-25'), name: 'christmas-day' },
    { date: on('12-26'), name: 'second-christmas-day' },
    { date: on('12-31'), name: 'new-years-eve' }
  ];
  return days.toSorted((one, other) => (one.date < other.date ? -1 : 1));
}
