import * as v from 'valibot';
import { defineCall } from '../wire/define-call.ts';
import { defineNews } from '../wire/define-news.ts';
import { Capability } from '../wire/ids.ts';

const Nothing = v.strictObject({});
const N = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0x7fff_ffff));

/** Take one's role in a conversation on this socket; the newest socket of a role wins. */
export const attach = defineCall({
  name: 'conversation:attach',
  who: 'anyone',
  request: v.strictObject({
    capability: Capability,
    /** The first message of the other side that has not come yet. */
    expected: v.pipe(N, v.minValue(1)),
    /** Both have written, as this side knows: the conversation does not go back to the queue by itself. */
    talked: v.optional(v.boolean()),
    /** Counts up each time this side attaches: what was held up on its way does not displace what came after. */
    attempt: v.optional(N)
  }),
  value: v.object({
    /** The last own message the server has stored. */
    stored: N,
    /** The last own message the other side has. */
    delivered: N,
    otherHere: v.boolean()
  }),
  refusals: ['unknown-capability', 'conversation-closed', 'back-in-queue', 'already-attached']
});

/** Erases the conversation at once, for both. */
export const endConversation = defineCall({
  name: 'conversation:end',
  who: 'anyone',
  request: Nothing,
  value: Nothing,
  refusals: ['not-attached']
});

/** Both have written: only now a clip counts. Said by the counsellor's device, which can read it. */
export const reportTookPlace = defineCall({
  name: 'conversation:report-took-place',
  who: 'counsellor',
  request: Nothing,
  value: Nothing,
  refusals: ['not-attached']
});

export const conversationClosed = defineNews('conversation:closed', Nothing);
/** The same role attached from somewhere else (a second tab): this socket no longer counts. */
export const conversationMoved = defineNews('conversation:moved', Nothing);
export const presenceChanged = defineNews(
  'conversation:presence-changed',
  v.object({ here: v.boolean() })
);
