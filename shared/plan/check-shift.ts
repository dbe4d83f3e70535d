import { Temporal } from 'temporal-polyfill';
import type { ClosedDays, LocalDate, Place, PlannedShift } from './planned-shift.ts';
import { dateIn, datesOf, minutesOf, spanOn, type Span } from './slots-of.ts';

export const shiftRefusals = [
  'unknown-zone',
  'no-such-date',
  'end-before-start',
  'slot-does-not-fit',
  'place-without-address',
  'date-in-past',
  'date-too-far',
  'seats-only-in-network',
  'hour-does-not-exist',
  'hour-twice',
  'shift-overlaps'
] as const;
export type ShiftRefusal = (typeof shiftRefusals)[number];

/** How far ahead the days of a shift are looked through, and how far ahead it may begin: in days. */
const lookedAhead = 400;

/**
 * Whether a shift can be planned. The first thing that is wrong is named; null when nothing is.
 * @param others every planned shift; those of the same counsellor must not overlap
 * @param now milliseconds since 1970
 */
export function checkShift(
  shift: PlannedShift,
  others: readonly PlannedShift[],
  closed: readonly ClosedDays[],
  now: number
): ShiftRefusal | null {
  const { zone, when, start, end, slotMinutes, offer } = shift;
  if (!isZone(zone)) return 'unknown-zone';
  const dates = when.repeats === 'once' ? [when.date] : [when.from, when.until ?? when.from];
  if (!dates.every(isDate)) return 'no-such-date';
  const long = minutesOf(end) - minutesOf(start);
  const [first = '', last = first] = dates;
  if (long <= 0 || last < first) return 'end-before-start';
  if (long < slotMinutes) return 'slot-does-not-fit';
  if (isWithoutAddress(offer.place)) return 'place-without-address';
  if (offer.seats > 1 && offer.purposes.some((purpose) => purpose !== 'network'))
    return 'seats-only-in-network';
  const today = dateIn(zone, now);
  const furthest = plusDays(today, lookedAhead);
  if ((when.repeats === 'once' ? when.date : (when.until ?? furthest)) < today)
    return 'date-in-past';
  if (first > furthest) return 'date-too-far';

  const spans = spansOf(shift, today, closed);
  if (typeof spans === 'string') return spans;
  if (when.repeats === 'once' && spans.every(({ until }) => until <= now) && spans.length > 0)
    return 'date-in-past';
  const taken = others
    .filter(({ id, account }) => account === shift.account && id !== shift.id)
    .flatMap((other) => {
      const others = spansOf(other, today, closed);
      return typeof others === 'string' ? [] : others;
    });
  const overlaps = spans.some(({ from, until }) =>
    taken.some((other) => from < other.until && other.from < until)
  );
  return overlaps ? 'shift-overlaps' : null;
}

/** Whether the calendar has this day, and a range of closed days is one. */
export const isDate = (date: LocalDate): boolean => {
  try {
    return Temporal.PlainDate.from(date, { overflow: 'reject' }).toString() === date;
  } catch {
    return false;
  }
};

export const plusDays = (date: LocalDate, days: number): LocalDate =>
  Temporal.PlainDate.from(date).add({ days }).toString();

/** Whether a time zone of this name is known here. */
export function isZone(zone: string): boolean {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId !== '';
  } catch {
    return false;
  }
}

const isWithoutAddress = (place: Place): boolean =>
  ('address' in place && place.address === '') || ('name' in place && place.name === '');

function spansOf(
  shift: PlannedShift,
  today: LocalDate,
  closed: readonly ClosedDays[]
): Span[] | 'hour-does-not-exist' | 'hour-twice' {
  const spans: Span[] = [];
  for (const day of datesOf(shift, today, plusDays(today, lookedAhead), closed)) {
    const span = spanOn(shift, day);
    if (typeof span === 'string') return span;
    spans.push(span);
  }
  return spans;
}
