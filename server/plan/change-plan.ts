import { horizonDays } from '#shared/booking/rules.ts';
import type { ClosedDays, PlannedShift } from '#shared/plan/planned-shift.ts';
import { slotsOf } from '#shared/plan/slots-of.ts';
import type { Absence, Plan, PlanStep, WantedSlot } from '#server/store/durable/plan.ts';

const day = 86_400_000;

/** One step of the plan, with the slots that follow from it for the time that can be booked. */
export async function changePlan(plan: Plan, step: PlanStep, now: number) {
  const [shifts, closed, absences] = await Promise.all([
    plan.shifts(),
    plan.closed(),
    plan.absences()
  ]);
  const after = afterStep(shifts, closed, step);
  return plan.change(step, wantedSlots(after.shifts, after.closed, absences, now), now);
}

function afterStep(
  shifts: readonly PlannedShift[],
  closed: readonly ClosedDays[],
  step: PlanStep
): { readonly shifts: readonly PlannedShift[]; readonly closed: readonly ClosedDays[] } {
  if ('put' in step)
    return { shifts: [...shifts.filter(({ id }) => id !== step.put.id), step.put], closed };
  if ('remove' in step) return { shifts: shifts.filter(({ id }) => id !== step.remove), closed };
  if ('close' in step)
    return {
      shifts,
      closed: [...closed.filter(({ from }) => from !== step.close.from), step.close]
    };
  if ('open' in step) return { shifts, closed: closed.filter(({ from }) => from !== step.open) };
  return { shifts, closed };
}

/** Every slot that should be there, from now to the horizon. */
export const wantedSlots = (
  shifts: readonly PlannedShift[],
  closed: readonly ClosedDays[],
  absences: readonly Absence[],
  now: number
): WantedSlot[] =>
  shifts.flatMap((shift) => {
    const { id, account, offer, zone } = shift;
    const away = absences.filter((one) => one.account === account);
    const span = { from: now + 1, until: now + (horizonDays + 1) * day };
    return slotsOf(shift, span, closed)
      .filter(({ start }) => !away.some(({ from, until }) => start >= from && start < until))
      .map(({ start, minutes }) => ({
        ...{ shift: id, account, start, minutes },
        offer: { ...offer, zone }
      }));
  });
