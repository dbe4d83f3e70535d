import type { Seen } from '#shared/booking/calls.ts';
import { m } from '#web/words/paraglide/messages.js';
import { ownZone } from './days.ts';
import { sayDay, sayTime } from './say-time.ts';

/** What a holder has to know first, and what to do; null when all is as it was booked. @param now ms since 1970 */
export function standingWords(seen: Seen, now: number): { title: string; text: string } | null {
  const zone = ownZone();
  const until = (at: number) => ({ day: sayDay(at, zone) });
  switch (seen.state) {
    case 'moved-by-us': {
      const { movedFrom } = seen;
      const from =
        movedFrom === null
          ? null
          : { day: sayDay(movedFrom, zone), time: sayTime(movedFrom, zone) };
      return {
        title: m.slip_moved(),
        text: from ? m.slip_moved_from(from) : m.slip_moved_more()
      };
    }
    case 'cancelled-by-us':
      return { title: m.slip_cancelled_by_us(), text: m.slip_cancelled_by_us_more() };
    case 'cancelled':
      return { title: m.slip_cancelled(), text: m.slip_cancelled_more() };
    case 'cancelled-late':
    case 'missed': {
      const title = seen.state === 'missed' ? m.slip_missed() : m.slip_cancelled();
      const { secondTryUntil } = seen;
      return {
        title,
        text: secondTryUntil ? m.slip_second(until(secondTryUntil)) : m.slip_missed_more()
      };
    }
    case 'checked-in':
      return { title: m.slip_here(), text: m.slip_here_more() };
    case 'took-place':
      return { title: m.slip_took_place(), text: m.slip_took_place_more() };
    default:
      return seen.checkIn && now > seen.checkIn.from && now < seen.checkIn.until
        ? { title: m.slip_now(), text: m.slip_now_more() }
        : null;
  }
}
