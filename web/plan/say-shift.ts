import type { ClosedDays, LocalDate, Place, PlannedShift } from '#shared/plan/planned-shift.ts';
import { m } from '#web/words/paraglide/messages.js';
import { getLocale } from '#web/words/paraglide/runtime.js';
import { sayLanguages } from '#web/words/say-language.ts';
import { addDays } from '../booking/days.ts';
import { purposeWords } from '../booking/place-words.ts';
import { sayDate, sayDates, sayTime, sayWeekday } from '../booking/say-time.ts';
import { kindNames } from '../registration/choices.ts';

/** A Sunday, so that the first day after it is the first weekday. */
const aSunday = '2026-01-04';

/** `mandag`. @param weekday 1 is Monday */
export const weekdayName = (weekday: number): string => sayWeekday(addDays(aSunday, weekday));

const places: Record<Place['kind'], () => string> = {
  chat: m.shifts_place_chat,
  house: m.shifts_place_house,
  'drop-in': m.shifts_place_drop_in,
  walk: m.shifts_place_walk,
  'named-by-visitor': m.shifts_place_named
};
export const shiftPlaceName = (kind: Place['kind']): string => places[kind]();

/** `hver mandag 14.00–17.00`. */
export function sayWhen({ when, start, end }: PlannedShift): string {
  const span = { from: sayClock(start), until: sayClock(end) };
  if (when.repeats === 'once')
    return m.shifts_when_once({
      ...span,
      weekday: sayWeekday(when.date),
      date: sayDate(when.date)
    });
  return m.shifts_when_weekly({ ...span, weekday: weekdayName(when.weekday) });
}

/** Where, how long, in which languages, for whom and what for. */
export function sayOffer({ offer, slotMinutes, pauseMinutes }: PlannedShift): string {
  const { place } = offer;
  const list = new Intl.ListFormat(getLocale(), { type: 'conjunction' });
  return [
    shiftPlaceName(place.kind),
    ...('name' in place ? [place.name] : []),
    ...('address' in place ? [place.address] : []),
    m.shifts_lengths({ slot: slotMinutes, pause: pauseMinutes }),
    sayLanguages(offer.languages),
    list.format(offer.kinds.map((kind) => kindNames[kind]())),
    list.format(offer.purposes.map(purposeWords))
  ].join(' · ');
}

/** `23.–29. november`, or the one day. */
export const sayClosed = ({ from, until }: ClosedDays): string =>
  from === until ? `${sayWeekday(from)} ${sayDate(from)}` : sayDates(from, until);

/** Weekly ones by weekday, then single ones by date; what is over is left out. */
export function inPlan(shifts: readonly PlannedShift[], today: LocalDate): PlannedShift[] {
  const lastDay = ({ when }: PlannedShift) => (when.repeats === 'once' ? when.date : when.until);
  const order = ({ when, start }: PlannedShift) =>
    (when.repeats === 'once' ? when.date : String(when.weekday).padStart(4, '0')) + start;
  return shifts
    .filter((shift) => (lastDay(shift) ?? today) >= today)
    .toSorted((one, other) => (order(one) < order(other) ? -1 : 1));
}

const sayClock = (time: string): string => sayTime(Date.parse(`${aSunday}T${time}:00Z`), 'UTC');
