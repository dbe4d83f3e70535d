import * as v from 'valibot';
import { StaffRole } from '../counsellor/role.ts';
import { QueueItem } from '../queue/calls.ts';
import { defineCall } from '../wire/define-call.ts';
import { defineNews } from '../wire/define-news.ts';

const Nothing = v.strictObject({});
export const ShiftState = v.picklist(['off', 'on', 'paused']);
export type ShiftState = v.InferOutput<typeof ShiftState>;

export const setShift = defineCall({
  name: 'shift:set',
  who: 'counsellor',
  request: v.strictObject({ state: ShiftState }),
  value: Nothing,
  refusals: []
});

/** 16 bytes as base64url: one of the team, on the pages of the others. */
export const ColleagueId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/));
export type ColleagueId = v.InferOutput<typeof ColleagueId>;

const Colleague = v.object({
  id: ColleagueId,
  name: v.string(),
  /** `off`: has stopped the shift, and finishes the conversations that are open. */
  shift: ShiftState,
  conversations: v.number()
});
export type Colleague = v.InferOutput<typeof Colleague>;

/**
 * What the desk shows when it opens; told again whenever it changes. A lead sees it, and no conversation;
 * an interpreter sees neither queue nor colleagues.
 */
export const openDesk = defineCall({
  name: 'shift:open-desk',
  who: 'staff',
  request: Nothing,
  value: v.object({
    name: v.string(),
    role: StaffRole,
    shift: ShiftState,
    colleagues: v.array(Colleague),
    queue: v.array(QueueItem)
  }),
  refusals: []
});

export const shiftsChanged = defineNews(
  'shift:changed',
  v.object({ shift: ShiftState, colleagues: v.array(Colleague) })
);
