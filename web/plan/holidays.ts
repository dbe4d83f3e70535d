import { danishHolidays, type HolidayName } from '#shared/plan/danish-holidays.ts';
import type { ClosedDays, LocalDate } from '#shared/plan/planned-shift.ts';
import { m } from '#web/words/paraglide/messages.js';
import { getLocale } from '#web/words/paraglide/runtime.js';
import { addDays } from '../booking/days.ts';

const names: Record<HolidayName, () => string> = {
  'new-year': m.plan_holiday_new_year,
  'maundy-thursday': m.plan_holiday_maundy_thursday,
  'good-friday': m.plan_holiday_good_friday,
  'easter-sunday': m.plan_holiday_easter_sunday,
  'easter-monday': m.plan_holiday_easter_monday,
  ascension: m.plan_holiday_ascension,
  'whit-sunday': m.plan_holiday_whit_sunday,
  'whit-monday': m.plan_holiday_whit_monday,
  'constitution-day': m.plan_holiday_constitution_day,
  'christmas-eve': m.plan_holiday_christmas_eve,
  'christmas-day': m.plan_holiday_christmas_day,
  'second-christmas-day': m.plan_holiday_second_christmas_day,
  'new-years-eve': m.plan_holiday_new_years_eve
};

/** The public holidays of the year that comes which are not closed yet, in order. */
export function holidaysToClose(
  today: LocalDate,
  closed: readonly ClosedDays[]
): readonly ClosedDays[] {
  const year = Number(today.slice(0, 4));
  const isClosed = (date: LocalDate) =>
    closed.some(({ from, until }) => date >= from && date <= until);
  const coming = [...danishHolidays(year), ...danishHolidays(year + 1)].filter(
    ({ date }) => date >= today && date < addDays(today, 365) && !isClosed(date)
  );
  // Two can fall on one day, as Whit Monday and Constitution Day do in 2028.
  const list = new Intl.ListFormat(getLocale(), { type: 'conjunction' });
  return [...new Set(coming.map(({ date }) => date))].map((date) => {
    const named = coming.filter((one) => one.date === date).map(({ name }) => names[name]());
    return { from: date, until: date, name: list.format(named) };
  });
}
