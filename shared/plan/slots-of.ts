import { Temporal } from 'temporal-polyfill';
import type { ClosedDays, LocalDate, PlannedShift } from './planned-shift.ts';

/** A slot as it falls: the shift's zone stays with the shift. */
export interface SlotTime {
  /** Milliseconds since 1970, UTC. */
  readonly start: number;
  readonly minutes: number;
}

/** From and until when something lasts: milliseconds since 1970, the end not in it. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

const zeroHour = Temporal.PlainTime.from('00:00');

/** Minutes of the wall's clock since midnight; `24:00` is 1440. */
export const minutesOf = (time: string): number =>
  Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** The day a moment falls on in a zone. @param now milliseconds since 1970 */
export const dateIn = (zone: string, now: number): LocalDate =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The span of a week that begins on this day, in a zone; 167 or 169 hours when the clock is changed in it. */
export function weekSpan(monday: LocalDate, zone: string): Span {
  const day = Temporal.PlainDate.from(monday);
  const at = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).epochMilliseconds;
  return { from: at(day), until: at(day.add({ days: 7 })) };
}

/** The span of one day in a zone: 23, 24 or 25 hours. */
export function daySpan(date: LocalDate, zone: string): Span {
  const day = Temporal.PlainDate.from(date);
  const at = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).epochMilliseconds;
  return { from: at(day), until: at(day.add({ days: 1 })) };
}

/** Whether a day is a Monday. */
export const isMonday = (date: LocalDate): boolean => Temporal.PlainDate.from(date).dayOfWeek === 1;

/** The Monday of the week a moment falls in. */
export function mondayOf(zone: string, now: number): LocalDate {
  const day = Temporal.PlainDate.from(dateIn(zone, now));
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}

/** The days a shift falls on between two days, both in it, closed days left out. */
export function datesOf(
  { when }: PlannedShift,
  from: LocalDate,
  until: LocalDate,
  closed: readonly ClosedDays[]
): Temporal.PlainDate[] {
  const isOpen = (date: LocalDate) =>
    date >= from && date <= until && !closed.some((one) => date >= one.from && date <= one.until);
  if (when.repeats === 'once') return isOpen(when.date) ? [Temporal.PlainDate.from(when.date)] : [];
  const first = Temporal.PlainDate.from(when.from > from ? when.from : from);
  const last = when.until !== null && when.until < until ? when.until : until;
  let day = first.add({ days: (when.weekday - first.dayOfWeek + 7) % 7 });
  const days: Temporal.PlainDate[] = [];
  for (; day.toString() <= last; day = day.add({ days: 7 }))
    if (isOpen(day.toString())) days.push(day);
  return days;
}

/**
 * When a shift lasts on a day. The clock is not changed inside a shift: `hour-does-not-exist` when an hour
 * of it is skipped, `hour-twice` when one comes twice (RFC 9557 calls both a disambiguation).
 */
export function spanOn(
  { start, end, zone }: Pick<PlannedShift, 'start' | 'end' | 'zone'>,
  day: Temporal.PlainDate
): Span | 'hour-does-not-exist' | 'hour-twice' {
  const at = (minutes: number) =>
    day
      .toPlainDateTime(zeroHour)
      .add({ minutes })
      .toZonedDateTime(zone, { disambiguation: 'compatible' });
  const [from, until] = [at(minutesOf(start)), at(minutesOf(end))];
  const span = { from: from.epochMilliseconds, until: until.epochMilliseconds };
  const onTheWall = minutesOf(end) - minutesOf(start);
  const passed = (span.until - span.from) / 60_000;
  if (passed < onTheWall || isSkipped(from, minutesOf(start)) || isSkipped(until, minutesOf(end)))
    return 'hour-does-not-exist';
  if (passed > onTheWall || isTwice(from) || isTwice(until)) return 'hour-twice';
  return span;
}

const isSkipped = (at: Temporal.ZonedDateTime, minutes: number): boolean =>
  at.hour * 60 + at.minute !== minutes % 1440;

/** Whether the other reading of the same wall time is another moment. */
const isTwice = (at: Temporal.ZonedDateTime): boolean =>
  at.toPlainDateTime().toZonedDateTime(at.timeZoneId, { disambiguation: 'later' })
    .epochMilliseconds !== at.epochMilliseconds;

/**
 * The slots of a shift that start in a span of time. Daylight saving keeps the wall's clock; a day on which
 * the clock is changed inside the shift has no slots (`checkShift` refuses it before).
 */
export function slotsOf(
  shift: PlannedShift,
  { from, until }: Span,
  closed: readonly ClosedDays[]
): SlotTime[] {
  const { zone, slotMinutes, pauseMinutes } = shift;
  const dates = datesOf(shift, dateIn(zone, from), dateIn(zone, until), closed);
  return dates.flatMap((day) => {
    const span = spanOn(shift, day);
    if (typeof span === 'string') return [];
    const slots: SlotTime[] = [];
    const step = (slotMinutes + pauseMinutes) * 60_000;
    for (let start = span.from; start + slotMinutes * 60_000 <= span.until; start += step)
      if (start >= from && start < until) slots.push({ start, minutes: slotMinutes });
    return slots;
  });
}
