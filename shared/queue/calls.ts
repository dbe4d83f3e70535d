import type { Challenge as AltchaChallenge } from 'altcha-lib/types';
import * as v from 'valibot';
import { Stage } from '../klippekort/stage.ts';
import { Visitor } from '../visitor/visitor.ts';
import { defineCall } from '../wire/define-call.ts';
import { defineNews } from '../wire/define-news.ts';
import { Capability, ConversationId } from '../wire/ids.ts';

const Nothing = v.strictObject({});
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The house as seen from the street: how many counsellors are on shift, how many wait. */
export const House = v.object({ onShift: Count, waiting: Count });
export type House = v.InferOutput<typeof House>;
export const lookIn = defineCall({
  name: 'queue:look-in',
  who: 'anyone',
  request: Nothing,
  value: House,
  refusals: []
});

/** A proof of work (ALTCHA v2) that a place in the queue costs; its content is the library's. */
const Challenge = v.custom<AltchaChallenge>(
  (input) => typeof input === 'object' && input !== null && 'parameters' in input
);
export const requestChallenge = defineCall({
  name: 'queue:request-challenge',
  who: 'anyone',
  request: Nothing,
  value: v.object({ challenge: Challenge }),
  refusals: []
});

/** Where somebody stands: place 1 is next; the estimate is in whole minutes, null when unknown. */
export const Place = v.object({
  place: v.pipe(v.number(), v.integer(), v.minValue(1)),
  estimate: v.nullable(Count),
  onShift: Count
});
export type Place = v.InferOutput<typeof Place>;

/**
 * Why somebody who was taken stands in the queue again, at the old place: their counsellor was out of
 * reach before both had written, had to stop, or was away so long that the visitor asked for another.
 */
export const Returned = v.picklist(['counsellor-away', 'counsellor-gone', 'asked']);
export type Returned = v.InferOutput<typeof Returned>;

const Waiting = v.object({
  state: v.literal('waiting'),
  capability: Capability,
  returned: v.nullable(Returned),
  ...Place.entries
});
const Taken = v.object({ state: v.literal('taken'), capability: Capability });

export const joinQueue = defineCall({
  name: 'queue:join',
  who: 'anyone',
  request: v.strictObject({
    visitor: Visitor,
    proof: v.pipe(v.string(), v.maxLength(4000))
  }),
  value: v.object({ conversation: ConversationId, capability: Capability, ...Place.entries }),
  refusals: ['already-waiting', 'proof-refused', 'proof-expired', 'proof-used', 'queue-full']
});

/**
 * Back after a lost line, a reload or a restart of the server, with the place kept. The capability in the
 * answer replaces the one that was shown.
 */
export const returnToQueue = defineCall({
  name: 'queue:return',
  who: 'anyone',
  request: v.strictObject({ capability: Capability }),
  value: v.variant('state', [Waiting, Taken]),
  /** `waits-elsewhere`: the same ticket was checked in with after this. */
  refusals: ['unknown-capability', 'conversation-closed', 'waits-elsewhere']
});

/** The counsellor has been away for too long: back to the old place in the queue, with the same clip. */
export const standAgain = defineCall({
  name: 'queue:stand-again',
  who: 'anyone',
  request: v.strictObject({ capability: Capability }),
  value: Nothing,
  refusals: ['unknown-capability', 'conversation-closed', 'counsellor-here', 'too-soon']
});

export const leaveQueue = defineCall({
  name: 'queue:leave',
  who: 'anyone',
  request: Nothing,
  value: Nothing,
  refusals: ['not-waiting']
});

export const takeNext = defineCall({
  name: 'queue:take-next',
  who: 'counsellor',
  request: Nothing,
  value: v.object({
    conversation: ConversationId,
    capability: Capability,
    visitor: Visitor,
    stage: v.nullable(Stage)
  }),
  refusals: ['not-on-shift', 'queue-empty', 'too-many-conversations']
});

export const placeChanged = defineNews('queue:place-changed', Place);
export const houseChanged = defineNews('queue:house-changed', House);
/** A counsellor has opened the door: attach to the conversation. */
export const visitorTaken = defineNews('queue:taken', Nothing);
/** The same place is waited for from another device now, which goes on. */
export const waitsElsewhere = defineNews('queue:waits-elsewhere', Nothing);
/** To both sides: the conversation went back to the queue, and what was agreed between them is void. */
export const visitorReturned = defineNews('queue:returned', v.object({ why: Returned }));

/** One who waits, as counsellors see them: never who, never what about. */
export const QueueItem = v.object({
  id: v.string(),
  ...Visitor.pipe[0].entries,
  minutes: Count,
  here: v.boolean(),
  /** What the clip opens that was shown; null in a first conversation. */
  stage: v.nullable(Stage),
  /** Was taken before, and came back. */
  again: v.boolean(),
  /** The start of the time they have booked, in milliseconds since 1970; they come ahead of everybody who has none. */
  bookedAt: v.nullable(Count)
});
export type QueueItem = v.InferOutput<typeof QueueItem>;
export const queueChanged = defineNews('queue:changed', v.object({ queue: v.array(QueueItem) }));
