import * as v from 'valibot';
import { ColleagueId } from '../shift/calls.ts';
import { Visitor } from '../visitor/visitor.ts';
import { defineCall } from '../wire/define-call.ts';
import { defineNews } from '../wire/define-news.ts';
import { Capability, ConversationId } from '../wire/ids.ts';

/** At most four people: with the lobby of an invitation at most six rooms beside the conversation itself. */
export const mostPairs = 6;
/** A colleague has this many milliseconds to answer. */
export const offerLasts = 120_000;

const OfferId = v.pipe(v.string(), v.uuid());
const Nothing = v.strictObject({});

/** One side each of a room for two people of the same conversation. */
const Room = v.object({ conversation: ConversationId, asking: Capability, answering: Capability });

/** A room for two people of a conversation; asked by its counsellor, who hands out the two sides. */
export const openPair = defineCall({
  name: 'roster:open-pair',
  who: 'counsellor',
  request: v.strictObject({
    /** A counsellor's right, to the conversation or to a pair of it. */
    capability: Capability,
    /** Who may answer: the counsellor who asks, anybody who holds the right, or one colleague. */
    answering: v.union([v.picklist(['me', 'guest']), ColleagueId])
  }),
  value: Room,
  refusals: ['unknown-capability', 'conversation-closed', 'too-many-people', 'unknown-colleague']
});

/** `hand-over`: the colleague goes on with it; `second`: both stay. */
export const Purpose = v.picklist(['hand-over', 'second']);
export type Purpose = v.InferOutput<typeof Purpose>;

/** Asks a colleague on shift to join; forgotten when nobody answers in time. */
export const offerHandOver = defineCall({
  name: 'roster:offer-hand-over',
  who: 'counsellor',
  request: v.strictObject({ capability: Capability, to: ColleagueId, purpose: Purpose }),
  value: v.object({ id: OfferId }),
  refusals: [
    'unknown-capability',
    'conversation-closed',
    'unknown-colleague',
    'too-many-people',
    'too-many-conversations',
    'already-offered'
  ]
});

export const withdrawOffer = defineCall({
  name: 'roster:withdraw-offer',
  who: 'counsellor',
  request: v.strictObject({ id: OfferId }),
  value: Nothing,
  refusals: ['unknown-offer']
});

/** The colleague's answer. A yes comes with the right to decide in it, and a room with the one who asked. */
export const answerOffer = defineCall({
  name: 'roster:answer-offer',
  who: ['counsellor', 'interpreter'],
  request: v.strictObject({ id: OfferId, accept: v.boolean() }),
  value: v.object({
    seat: v.nullable(
      v.object({
        conversation: ConversationId,
        /** A counsellor's right to the conversation itself. */
        capability: Capability,
        visitor: Visitor,
        pair: v.object({ conversation: ConversationId, capability: Capability })
      })
    )
  }),
  refusals: ['unknown-offer', 'conversation-closed', 'too-many-people', 'too-many-conversations']
});

export const handOverOffered = defineNews(
  'roster:hand-over-offered',
  v.object({ id: OfferId, from: v.string(), visitor: Visitor, purpose: Purpose })
);
/** Taken back, too late, or answered at another desk. */
export const offerOver = defineNews('roster:offer-over', v.object({ id: OfferId }));
/** What came of it, for who asked: null is no. */
export const offerAnswered = defineNews(
  'roster:offer-answered',
  v.object({
    id: OfferId,
    pair: v.nullable(v.object({ conversation: ConversationId, capability: Capability }))
  })
);
