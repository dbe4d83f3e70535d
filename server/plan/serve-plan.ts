import {
  closeDays,
  openDays,
  removeShift,
  saveShift,
  seePlan,
  seePlannedWeek
} from '#shared/plan/calls.ts';
import type { DayBooking } from '#shared/booking/calls.ts';
import { inOrder } from '#shared/crypto/in-order.ts';
import { checkShift, isDate } from '#shared/plan/check-shift.ts';
import { isMonday, weekSpan } from '#shared/plan/slots-of.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { Clock } from '#server/clock.ts';
import type { Plan, PlanStep } from '#server/store/durable/plan.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import { changePlan } from './change-plan.ts';

const mostShifts = 1000;
const mostClosed = 200;
const year = 366 * 86_400_000;

export interface PlanNeeds {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly zone: string;
  /** The bookings of these slots, as a lead sees them. */
  readonly bookingsOf: (slots: readonly number[]) => Promise<DayBooking[]>;
}

/** Planned shifts and closed days; every change makes the slots anew, and moves nobody. */
export const servePlan = (needs: PlanNeeds): Served[] => {
  const { plan, clock, zone, bookingsOf } = needs;

  // What two leads change at once is changed one after the other: slots follow from all of the plan.
  const run = inOrder();
  const change = async (step: PlanStep) => {
    const changed = await run(() => changePlan(plan, step, clock.now()));
    if ('slots' in changed) return accept({ outcome: 'changed' as const, slots: changed.slots });
    const bookings = await bookingsOf(changed.concerned);
    return accept({ outcome: 'bookings-concerned' as const, bookings });
  };

  return [
    serve(seePlan, async () => {
      const [shifts, closed, counsellors] = await Promise.all([
        plan.shifts(),
        plan.closed(),
        plan.counsellors()
      ]);
      return accept({
        shifts: [...shifts],
        closed: [...closed],
        counsellors: counsellors.map(({ account, name }) => ({ account, name })),
        zone
      });
    }),

    serve(seePlannedWeek, async ({ monday }) => {
      if (!isDate(monday) || !isMonday(monday)) return refuse('not-a-monday');
      const { from, until } = weekSpan(monday, zone);
      if (Math.abs(from - clock.now()) > year) return refuse('too-far');
      const slots = await plan.slots(from, until);
      return accept({
        slots: slots.map(({ id, shift, account, start, minutes, offer, taken }) => ({
          ...{ slot: id, shift, account, start, minutes, taken },
          seats: offer.seats
        }))
      });
    }),

    serve(saveShift, async ({ shift }) => {
      const counsellors = await plan.counsellors();
      if (!counsellors.some(({ account }) => account === shift.account))
        return refuse('unknown-counsellor');
      const [shifts, closed] = await Promise.all([plan.shifts(), plan.closed()]);
      if (shifts.length >= mostShifts) return refuse('too-many-shifts');
      const refusal = checkShift(shift, shifts, closed, clock.now());
      return refusal ? refuse(refusal) : change({ put: shift });
    }),

    serve(removeShift, async ({ shift }) => {
      const shifts = await plan.shifts();
      if (!shifts.some(({ id }) => id === shift)) return refuse('unknown-shift');
      return change({ remove: shift });
    }),

    serve(closeDays, async ({ days }) => {
      if (!isDate(days.from) || !isDate(days.until)) return refuse('no-such-date');
      if (days.until < days.from) return refuse('end-before-start');
      if ((await plan.closed()).length >= mostClosed) return refuse('too-many-days');
      return change({ close: days });
    }),

    serve(openDays, async ({ from }) => {
      const closed = await plan.closed();
      if (!closed.some((days) => days.from === from)) return refuse('unknown-days');
      return change({ open: from });
    })
  ];
};
