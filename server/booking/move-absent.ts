import { moveBookings, proposeMoves } from '#shared/plan/calls.ts';
import { horizonDays } from '#shared/booking/rules.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import { standingIn, toDayBooking } from './day.ts';
import type { Office } from './office.ts';
import { changesOf, nearest } from './relocate.ts';
import { isAhead, type Standing } from './standing.ts';

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
    const openings = (await office.free.all())
      .filter(({ account }) => account !== absent.account)
      .map((slot) => ({ ...slot, left: slot.offer.seats - slot.taken }));
    const moves = nearest(openings, await bookingsOf(office, absent), office.clock.now());
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
    const changes = await changesOf(await bookingsOf(office, absent), moves, async ({ slot }) => {
      if (slot === null) return 'cancelled';
      const to = await office.plan.slot(slot);
      return to?.account === absent.account ? null : to;
    });
    if (!changes) return refuse('proposal-outdated');
    const done = await office.bookings.change(changes, {
      now: office.clock.now(),
      absence: absent
    });
    if (done.outcome !== 'changed') return refuse('proposal-outdated');
    const many = moves.filter(({ slot }) => slot !== null).length;
    return accept({ moved: many, cancelled: moves.length - many });
  })
];

function checkSpan({ clock }: Office, { from, until }: Absent) {
  if (until <= from) return 'end-before-start' as const;
  return until > clock.now() + (horizonDays + 1) * day ? ('too-far' as const) : null;
}

/** What is still to come of this counsellor's bookings. Who sits in the conversation already stays. */
async function bookingsOf(office: Office, { account, from, until }: Absent): Promise<Standing[]> {
  const standing = await standingIn(office, Math.max(from, office.clock.now()), until);
  return standing.filter(({ slot, booking }) => slot.account === account && isAhead(booking));
}
