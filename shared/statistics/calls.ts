import * as v from 'valibot';
import { defineCall } from '../wire/define-call.ts';
import { Capability } from '../wire/ids.ts';
import { IsoWeek } from './iso-week.ts';
import { Registration } from './registration.ts';

/**
 * Counts a conversation, once, and closes it if that is still to be done. The right is the counsellor's
 * own capability for it; `nothing` is a registration as well, and uses it up.
 */
export const register = defineCall({
  name: 'statistics:register',
  who: 'counsellor',
  request: v.strictObject({
    capability: Capability,
    registration: v.union([v.literal('nothing'), Registration])
  }),
  value: v.strictObject({}),
  refusals: ['not-your-conversation', 'conversation-forgotten', 'already-registered']
});

const Shown = v.union([v.pipe(v.number(), v.integer()), v.literal('<5'), v.literal('hidden')]);

/**
 * Published counts of the period that a week is in (`period.ts`), never others. A period that goes on is
 * not published: who asked twice would see what the conversation in between was about.
 */
export const readStatistics = defineCall({
  name: 'statistics:read',
  who: 'lead',
  request: v.strictObject({ week: IsoWeek }),
  value: v.object({
    first: IsoWeek,
    last: IsoWeek,
    counts: v.array(v.object({ of: v.record(v.string(), v.string()), shown: Shown }))
  }),
  refusals: ['period-not-over']
});
