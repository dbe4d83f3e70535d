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
        title: m.stand_moved(),
        text: from ? m.stand_moved_from(from) : m.stand_moved_more()
      };
    }
    case 'cancelled-by-us':
      return { title: m.stand_cancelled_by_us(), text: m.stand_cancelled_by_us_more() };
    case 'cancelled':
      return { title: m.stand_cancelled(), text: m.stand_cancelled_more() };
    case 'cancelled-late':
    case 'missed': {
      const title = seen.state === 'missed' ? m.stand_missed() : m.stand_cancelled();
      const { secondTryUntil } = seen;
      return {
        title,
        text: secondTryUntil ? m.stand_second(until(secondTryUntil)) : m.stand_missed_more()
      };
    }
    case 'checked-in':
      return { title: m.stand_here(), text: m.stand_here_more() };
    case 'took-place':
      return { title: m.stand_took_place(), text: m.stand_took_place_more() };
    default:
      return seen.checkIn && now > seen.checkIn.from && now < seen.checkIn.until
        ? { title: m.stand_now(), text: m.stand_now_more() }
        : null;
  }
}
