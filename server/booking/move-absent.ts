import { moveBookings, proposeMoves } from '#shared/plan/calls.ts';
import { dayOf, horizonDays, isFor } from '#shared/booking/rules.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { BookingChange } from '#server/store/durable/bookings.ts';
import type { StoredSlot } from '#server/store/durable/plan.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import { standingIn, toDayBooking } from './day.ts';
import type { Office } from './office.ts';
import { isAhead, unchanged, type Standing } from './standing.ts';

const day = 86_400_000;

interface Absent {
  readonly account: string;
  readonly from: number;
  readonly until: number;
}

/** A counsellor cannot come: where the bookings could go, and then all of it in one step. */
export const serveMoveAbsent = (office: Office): Served[] => [
  serve(proposeMoves, async (absent) => {
    const refusal = checkSpan(office, absent);
    if (refusal) return refuse(refusal);
    const moves = await propose(office, absent, await bookingsOf(office, absent));
    return accept({
      moves: moves.map(({ standing, to }) => ({
        booking: toDayBooking(standing, null),
        to: to && { slot: to.id, start: to.start, counsellor: to.counsellor }
      }))
    });
  }),

  serve(moveBookings, async ({ moves, ...absent }) => {
    const refusal = checkSpan(office, absent);
    if (refusal) return refuse(refusal);
    const standing = await bookingsOf(office, absent);
    const byName = new Map(standing.map((one) => [nameOf(one), one]));
    if (
      moves.length !== standing.length ||
      new Set(moves.map(({ booking }) => booking)).size !== moves.length
    )
      return refuse('proposal-outdated');
    const changes: BookingChange[] = [];
    for (const { booking, slot } of moves) {
      const one = byName.get(booking);
      if (!one) return refuse('proposal-outdated');
      const to = slot === null ? null : await office.plan.slot(slot);
      if (slot !== null && (!to || !mayHave(absent, one, to))) return refuse('proposal-outdated');
      changes.push(to ? moved(one, to) : cancelled(one));
    }
    const done = await office.bookings.change(changes, {
      now: office.clock.now(),
      absence: absent
    });
    if (done.outcome !== 'changed') return refuse('proposal-outdated');
    const many = moves.filter(({ slot }) => slot !== null).length;
    return accept({ moved: many, cancelled: moves.length - many });
  })
];

const nameOf = ({ booking }: Standing): string => Buffer.from(booking.ticket).toString('base64url');

function checkSpan({ clock }: Office, { from, until }: Absent) {
  if (until <= from) return 'end-before-start' as const;
  return until > clock.now() + (horizonDays + 1) * day ? ('too-far' as const) : null;
}

/** What is still to come of this counsellor's bookings. Who sits in the conversation already stays. */
async function bookingsOf(office: Office, { account, from, until }: Absent): Promise<Standing[]> {
  const standing = await standingIn(office, Math.max(from, office.clock.now()), until);
  return standing.filter(({ slot, booking }) => slot.account === account && isAhead(booking));
}

/** The nearest free slot of a colleague for each, the earliest booking first; none twice. */
async function propose(
  { free, clock }: Office,
  absent: Absent,
  standing: readonly Standing[]
): Promise<{ standing: Standing; to: StoredSlot | null }[]> {
  const left = new Map(
    (await free.all()).map((slot) => [slot, slot.offer.seats - slot.taken] as const)
  );
  return standing.map((one) => {
    const far = ({ start }: StoredSlot) => Math.abs(start - one.slot.start);
    const [to = null] = [...left.keys()]
      .filter((slot) => slot.start > clock.now() && mayHave(absent, one, slot))
      .toSorted((a, b) => far(a) - far(b));
    const seats = to ? (left.get(to) ?? 0) - 1 : 0;
    if (to && seats > 0) left.set(to, seats);
    else if (to) left.delete(to);
    return { standing: one, to };
  });
}

/** The same form of meeting, as long, for the same people; and somebody who is there. */
const mayHave = (absent: Absent, { booking, slot }: Standing, to: StoredSlot): boolean =>
  to.account !== absent.account &&
  to.offer.place.kind === slot.offer.place.kind &&
  to.minutes >= slot.minutes &&
  isFor(to.offer, booking.visitor, booking.purpose);

const moved = (standing: Standing, to: StoredSlot): BookingChange => ({
  ...unchanged(standing),
  state: 'moved-by-us',
  slot: to.id,
  isSeated: true,
  // Moved twice, it is still told from where it was when the visitor last knew.
  movedFrom: standing.booking.movedFrom ?? standing.slot.start,
  clipDay: dayOf(to.start)
});

const cancelled = (standing: Standing): BookingChange => ({
  ...unchanged(standing),
  state: 'cancelled-by-us',
  isSeated: false,
  clip: 'did-not',
  keepsNote: false
});
