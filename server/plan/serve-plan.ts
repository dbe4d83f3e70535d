import {
  changeMoving,
  closeDays,
  openDays,
  removeShift,
  saveShift,
  seePlan,
  seePlannedWeek
} from '#shared/plan/calls.ts';
import { inOrder } from '#shared/crypto/in-order.ts';
import { checkShift, isDate } from '#shared/plan/check-shift.ts';
import type { ClosedDays, PlannedShift } from '#shared/plan/planned-shift.ts';
import { isMonday, weekSpan } from '#shared/plan/slots-of.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { Clock } from '#server/clock.ts';
import type { Plan, PlanStep } from '#server/store/durable/plan.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import { changeOrPropose, changeWithMoves, type Relocation } from './change-moving.ts';

const mostShifts = 1000;
const mostClosed = 200;
const year = 366 * 86_400_000;

export interface PlanNeeds {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly zone: string;
  readonly relocation: Relocation;
}

/** Planned shifts and closed days; every change makes the slots anew, and moves nobody unasked. */
export const servePlan = (needs: PlanNeeds): Served[] => {
  const { plan, clock, zone } = needs;

  // What two leads change at once is changed one after the other: slots follow from all of the plan.
  const run = inOrder();
  const change = async (step: PlanStep) => accept(await run(() => changeOrPropose(needs, step)));

  const putRefusal = async (shift: PlannedShift) => {
    const counsellors = await plan.counsellors();
    if (!counsellors.some(({ account }) => account === shift.account)) return 'unknown-counsellor';
    const [shifts, closed] = await Promise.all([plan.shifts(), plan.closed()]);
    const isNew = shifts.every(({ id }) => id !== shift.id);
    if (isNew && shifts.length >= mostShifts) return 'too-many-shifts';
    return checkShift(shift, shifts, closed, clock.now());
  };
  const removeRefusal = async (shift: string) =>
    (await plan.shifts()).some(({ id }) => id === shift) ? null : 'unknown-shift';
  const closeRefusal = async (days: ClosedDays) => {
    if (!isDate(days.from) || !isDate(days.until)) return 'no-such-date';
    if (days.until < days.from) return 'end-before-start';
    return (await plan.closed()).length >= mostClosed ? 'too-many-days' : null;
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
      const refusal = await putRefusal(shift);
      return refusal ? refuse(refusal) : change({ put: shift });
    }),

    serve(removeShift, async ({ shift }) => {
      const refusal = await removeRefusal(shift);
      return refusal ? refuse(refusal) : change({ remove: shift });
    }),

    serve(closeDays, async ({ days }) => {
      const refusal = await closeRefusal(days);
      return refusal ? refuse(refusal) : change({ close: days });
    }),

    serve(changeMoving, async ({ step, moves }) => {
      const refusal =
        'put' in step
          ? await putRefusal(step.put)
          : 'remove' in step
            ? await removeRefusal(step.remove)
            : await closeRefusal(step.close);
      if (refusal) return refuse(refusal);
      return accept(await run(() => changeWithMoves(needs, step, moves)));
    }),

    serve(openDays, async ({ from }) => {
      const closed = await plan.closed();
      if (!closed.some((days) => days.from === from)) return refuse('unknown-days');
      return change({ open: from });
    })
  ];
};
