import type { BookingState, DayBooking } from '#shared/booking/calls.ts';
import { checkInAt } from '#shared/booking/rules.ts';
import { m } from '#web/words/paraglide/messages.js';
import type { IconName } from '../../design/Icon.svelte';

interface Says {
  readonly text: string;
  readonly icon: IconName;
}

const states: Record<BookingState, readonly [() => string, IconName]> = {
  planned: [m.day_planned, 'clock'],
  'moved-by-us': [m.day_moved_by_us, 'pass'],
  cancelled: [m.day_cancelled, 'leave'],
  'cancelled-late': [m.day_cancelled_late, 'leave'],
  'cancelled-by-us': [m.day_cancelled_by_us, 'leave'],
  'checked-in': [m.day_checked_in, 'person'],
  'took-place': [m.day_took_place, 'checks'],
  missed: [m.day_missed, 'away']
};

/** Whether it is still to come, or nobody has said how it went. */
export const isAhead = ({ state }: DayBooking): boolean =>
  state === 'planned' || state === 'moved-by-us';

/** Whether somebody has to say how it went: it has begun, and no screen was there to tell. @param now ms */
export const asksHow = (booking: DayBooking, now: number): boolean =>
  isAhead(booking) && booking.place.kind !== 'chat' && now >= booking.start;

/** How a booking stands, in words and with a picture. @param now ms since 1970 */
export function stateWords(booking: DayBooking, now: number): Says {
  if (asksHow(booking, now)) return { text: m.day_how(), icon: 'warning' };
  if (isAhead(booking) && booking.place.kind === 'chat' && checkInAt(booking.start, now) === 'open')
    return { text: m.day_may_come(), icon: 'clock' };
  const [text, icon] = states[booking.state];
  return { text: text(), icon };
}
