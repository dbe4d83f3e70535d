import type { ShiftRefusal } from '#shared/plan/check-shift.ts';
import { m } from '#web/words/paraglide/messages.js';
import type { Missing } from './draft.svelte.ts';

const ofShifts: Record<ShiftRefusal | Missing, () => string> = {
  'nobody-chosen': m.shifts_no_nobody,
  'no-day-chosen': m.shifts_no_day,
  'no-time-chosen': m.shifts_no_time,
  'no-language': m.shifts_no_language,
  'no-kind': m.shifts_no_kind,
  'no-purpose': m.shifts_no_purpose,
  'unknown-zone': m.shifts_no_zone,
  'no-such-date': m.shifts_no_date,
  'end-before-start': m.shifts_no_end,
  'slot-does-not-fit': m.shifts_no_fit,
  'place-without-address': m.shifts_no_address,
  'date-in-past': m.shifts_no_past,
  'date-too-far': m.shifts_no_far,
  'seats-only-in-network': m.shifts_no_seats,
  'hour-does-not-exist': m.shifts_no_hour,
  'hour-twice': m.shifts_no_hour_twice,
  'shift-overlaps': m.shifts_no_overlap
};
const words: Record<string, () => string> = {
  ...ofShifts,
  'unknown-counsellor': m.shifts_no_counsellor,
  'too-many-shifts': m.shifts_no_more,
  'too-many-days': m.shifts_no_more_days,
  'unknown-shift': m.shifts_no_gone,
  'unknown-days': m.shifts_no_gone,
  'proposal-outdated': m.plan_outdated,
  'too-far': m.plan_too_far,
  'not-allowed': m.team_only_leads_more,
  'line-down': m.sign_in_line_down
};

/** Why something about the plan did not happen, and the way on. */
export const planRefusal = (refusal: string): string => (words[refusal] ?? m.team_refused)();
