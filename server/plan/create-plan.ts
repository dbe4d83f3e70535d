import type { Served } from '#server/wire/serve.ts';
import { extendPlan } from './change-plan.ts';
import { servePlan, type PlanNeeds } from './serve-plan.ts';

export interface PlanSide {
  /** For the door. */
  readonly served: readonly Served[];
  /** Makes the slots of days that have come within reach; once an hour, and at start. */
  extend(): Promise<void>;
}

/** The plan's side of the service. */
export const createPlan = (needs: PlanNeeds): PlanSide => ({
  served: servePlan(needs),
  extend: () => extendPlan(needs.plan, needs.clock.now())
});
