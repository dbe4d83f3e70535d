import { horizonDays } from '#shared/booking/rules.ts';
import type { changeMoving } from '#shared/plan/calls.ts';
import type { RequestOf, ValueOf } from '#shared/wire/define-call.ts';
import type { Clock } from '#server/clock.ts';
import type { Plan, PlanStep, WantedSlot } from '#server/store/durable/plan.ts';
import { changePlan, weighStep } from './change-plan.ts';

const day = 86_400_000;
type Moves = RequestOf<typeof changeMoving>['moves'];
type Moved = ValueOf<typeof changeMoving>;
type Concerned = Extract<Moved, { outcome: 'bookings-concerned' }>;

/** A time that somebody could be moved to. */
interface Opening extends Omit<WantedSlot, 'shift'> {
  readonly counsellor: string;
  readonly left: number;
}

/** What the bookings do for a change that would take their slots away. */
export interface Relocation {
  propose(
    slots: readonly number[],
    openings: readonly Opening[],
    shift: string | null
  ): Promise<Pick<Concerned, 'moves' | 'kept'>>;
  move(slots: readonly number[], moves: Moves): Promise<boolean>;
}

interface Needs {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly relocation: Relocation;
}

/** Changes the plan, or says whose bookings stand in the way and where they could go. */
export async function changeOrPropose(needs: Needs, step: PlanStep) {
  const { plan, clock } = needs;
  const changed = await changePlan(plan, step, clock.now());
  if ('slots' in changed) return { outcome: 'changed' as const, slots: changed.slots };
  return proposeFor(needs, step, changed.concerned);
}

/**
 * The change with its bookings moved. Slots that only the change makes are made first, beside those there are;
 * then the bookings move in one step; then the plan changes. Whatever stops in between, the next `extend`
 * makes the slots what the plan says.
 */
export async function changeWithMoves(needs: Needs, step: PlanStep, moves: Moves): Promise<Moved> {
  const { plan, clock, relocation } = needs;
  const now = clock.now();
  const first = await changePlan(plan, step, now);
  if ('slots' in first) return { outcome: 'changed', slots: first.slots, moved: 0, cancelled: 0 };
  const { of, before, after } = await weighStep(plan, step, now);
  const names = new Set(after.map(nameOf));
  const both = [...after, ...before.filter((one) => !names.has(nameOf(one)))];
  await plan.change({ extend: true }, of, both, now);
  if (await relocation.move(first.concerned, moves)) {
    const done = await changePlan(plan, step, now);
    const many = moves.filter(({ to }) => to !== null).length;
    if ('slots' in done)
      return {
        outcome: 'changed',
        ...{ slots: done.slots, moved: many, cancelled: moves.length - many }
      };
  }
  await plan.change({ extend: true }, of, before, now);
  const again = await changePlan(plan, step, now);
  if ('slots' in again) return { outcome: 'changed', slots: again.slots, moved: 0, cancelled: 0 };
  return proposeFor(needs, step, again.concerned);
}

async function proposeFor(
  { plan, clock, relocation }: Needs,
  step: PlanStep,
  concerned: readonly number[]
): Promise<Concerned> {
  const now = clock.now();
  const { of, after } = await weighStep(plan, step, now);
  const there = await plan.slots(now + 1, now + horizonDays * day);
  const known = new Map(there.map((slot) => [nameOf(slot), slot]));
  const names = new Map((await plan.counsellors()).map(({ account, name }) => [account, name]));
  const others = there.filter(({ account }) => of !== null && !of.includes(account));
  const openings = [...others, ...after].flatMap((slot) => {
    const is = known.get(nameOf(slot));
    const left = slot.offer.seats - (is?.taken ?? 0);
    const isStaying = is === undefined || !concerned.includes(is.id);
    const counsellor = names.get(slot.account);
    return isStaying && left > 0 && counsellor !== undefined ? [{ ...slot, left, counsellor }] : [];
  });
  const shift = 'put' in step ? step.put.id : null;
  const proposed = await relocation.propose(concerned, openings, shift);
  return { outcome: 'bookings-concerned', ...proposed };
}

const nameOf = ({ account, start }: Pick<WantedSlot, 'account' | 'start'>): string =>
  `${start} ${account}`;
