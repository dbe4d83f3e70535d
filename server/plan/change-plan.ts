import { setImmediate } from 'node:timers/promises';
import { horizonDays } from '#shared/booking/rules.ts';
import type { ClosedDays, PlannedShift } from '#shared/plan/planned-shift.ts';
import { slotsOf } from '#shared/plan/slots-of.ts';
import type { Absence, Plan, PlanStep, WantedSlot } from '#server/store/durable/plan.ts';

const day = 86_400_000;

interface Planned {
  readonly shifts: readonly PlannedShift[];
  readonly closed: readonly ClosedDays[];
}

/** One step of the plan, with the slots that follow from it for the time that can be booked. */
export async function changePlan(plan: Plan, step: PlanStep, now: number) {
  // Slots follow from all of the plan: where somebody else has changed it meanwhile, they are made anew.
  for (;;) {
    const seen = await plan.turn();
    const { of, after } = await weighStep(plan, step, now);
    const changed = await plan.change(step, of, after, now, seen);
    if (!('isStale' in changed)) return changed;
  }
}

/** Whose slots a step concerns (null: everybody's), those the plan wants as it is, and those it would want. */
export async function weighStep(plan: Plan, step: PlanStep, now: number) {
  const planned = { shifts: await plan.shifts(), closed: await plan.closed() };
  const absences = await plan.absences();
  const of = concernedBy(planned, step);
  const wanted = (as: Planned) => wantedSlots(as, absences, of, now);
  return { of, before: wanted(planned), after: wanted(afterStep(planned, step)) };
}

/** Makes the slots of days that have come within reach, one counsellor after the other: the rest of the service goes on in between. */
export async function extendPlan(plan: Plan, now: number): Promise<void> {
  const seen = await plan.turn();
  const planned = { shifts: await plan.shifts(), closed: await plan.closed() };
  const absences = await plan.absences();
  for (const account of new Set(planned.shifts.map((shift) => shift.account))) {
    const wanted = wantedSlots(planned, absences, [account], now);
    const extended = await plan.change({ extend: true }, [account], wanted, now, seen);
    if ('isStale' in extended) return extendPlan(plan, now);
    await setImmediate();
  }
}

/** Whose slots may be others afterwards; null: everybody's. */
function concernedBy({ shifts }: Planned, step: PlanStep): readonly string[] | null {
  const accountsOf = (id: string) =>
    shifts.filter((shift) => shift.id === id).map(({ account }) => account);
  if ('put' in step) return [step.put.account, ...accountsOf(step.put.id)];
  return 'remove' in step ? accountsOf(step.remove) : null;
}

function afterStep({ shifts, closed }: Planned, step: PlanStep): Planned {
  if ('put' in step)
    return { shifts: [...shifts.filter(({ id }) => id !== step.put.id), step.put], closed };
  if ('remove' in step) return { shifts: shifts.filter(({ id }) => id !== step.remove), closed };
  if ('close' in step) {
    const others = closed.filter(({ from }) => from !== step.close.from);
    return { shifts, closed: [...others, step.close] };
  }
  if ('open' in step) return { shifts, closed: closed.filter(({ from }) => from !== step.open) };
  return { shifts, closed };
}

/** Every slot of these counsellors that should be there, from now to the horizon. */
function wantedSlots(
  { shifts, closed }: Planned,
  absences: readonly Absence[],
  of: readonly string[] | null,
  now: number
): WantedSlot[] {
  const span = { from: now + 1, until: now + (horizonDays + 1) * day };
  return shifts
    .filter(({ account }) => of === null || of.includes(account))
    .flatMap((shift) => {
      const { id, account, offer, zone } = shift;
      const away = absences.filter((one) => one.account === account);
      return slotsOf(shift, span, closed)
        .filter(({ start }) => !away.some(({ from, until }) => start >= from && start < until))
        .map(({ start, minutes }) => ({
          ...{ shift: id, account, start, minutes },
          offer: { ...offer, zone }
        }));
    });
}
