import type { DayBooking } from '#shared/booking/calls.ts';
import { dateIn } from '../days.ts';

export interface BookedDay {
  /** `2026-11-25`. */
  readonly date: string;
  readonly bookings: readonly DayBooking[];
}

/** Whether somebody is expected, or was: what was called off in time is of no use on another day. */
const isOn = ({ state }: DayBooking): boolean => !state.startsWith('cancelled');

/**
 * Bookings by the day they fall on where they are; today's first, with what was called off.
 * @param today as the calendar writes it
 */
export function daysOf(
  bookings: readonly DayBooking[],
  today: string
): { readonly today: readonly DayBooking[]; readonly later: readonly BookedDay[] } {
  const days = new Map<string, DayBooking[]>();
  for (const booking of bookings) {
    const date = dateIn(booking.zone, booking.start);
    if (date > today && !isOn(booking)) continue;
    days.set(date, [...(days.get(date) ?? []), booking]);
  }
  const later = [...days].filter(([date]) => date > today);
  return {
    today: days.get(today) ?? [],
    later: later.map(([date, onDay]) => ({ date, bookings: onDay }))
  };
}
