import * as v from 'valibot';
import { defineCall } from '../wire/define-call.ts';
import { Capability, ConversationId } from '../wire/ids.ts';
import { Decision, Holder } from './rule.ts';
import { Outcome, Stage } from './stage.ts';

/** Exactly 32 bytes as base64url: a group element, a nonce or a tag. */
const Bytes32 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));
/** Exactly 64 bytes as base64url. */
const Bytes64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{85}[AQgw]$/));
const Epoch = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff));

/** Evaluated elements in the order they were asked, and the proof that the epoch's key was used. */
const Evaluation = v.object({ evaluated: v.array(Bytes32), proof: Bytes64 });

/** A clip as it is shown. The service is known to both sides and never sent. */
const Shown = { holder: Holder, stage: Stage, epoch: Epoch, nonce: Bytes32 };
/** What the device commits to before anybody knows the outcome: exactly one of them is evaluated. */
const Committed = { blindedNext: Bytes32, blindedRefund: Bytes32 };

/** A clip as it is shown with a booking: the conversation is the ticket's (shared/crypto/ticket.ts). */
export const ShownClip = v.strictObject({ ...Shown, ...Committed, tag: Bytes32 });

/** The card, once the first conversation has taken place. Asked again with the same elements, the same card. */
export const issueCard = defineCall({
  name: 'klippekort:issue-card',
  who: 'anyone',
  request: v.strictObject({
    capability: Capability,
    epoch: Epoch,
    ordinary: v.pipe(v.array(Bytes32), v.minLength(1), v.maxLength(8)),
    fifth: Bytes32
  }),
  value: v.object({ ordinary: Evaluation, fifth: Evaluation }),
  refusals: [
    'unknown-capability',
    'no-card',
    'wrong-count',
    'wrong-epoch',
    'malformed-element',
    'not-held',
    'already'
  ]
});

/** A clip for this conversation. It is spent from now on, and comes back if the conversation does not take place. */
export const holdClip = defineCall({
  name: 'klippekort:hold-clip',
  who: 'anyone',
  request: v.strictObject({ capability: Capability, ...Shown, ...Committed, tag: Bytes32 }),
  value: v.strictObject({}),
  refusals: [
    'unknown-capability',
    'wrong-holder',
    'wrong-stage',
    'wrong-epoch',
    'malformed-element',
    'too-many-guesses',
    'wrong-tag',
    'spent',
    'already'
  ]
});

const Settled = v.object({ outcome: Outcome, evaluation: v.nullable(Evaluation) });

/**
 * What the conversation came to. Needs no capability: a device may come back days later, and the tag says
 * whose clip it is. No evaluation when nothing follows.
 */
export const settleClip = defineCall({
  name: 'klippekort:settle-clip',
  who: 'anyone',
  request: v.strictObject({
    conversation: ConversationId,
    ...Shown,
    ...Committed,
    tag: Bytes32
  }),
  value: Settled,
  refusals: ['wrong-epoch', 'no-hold', 'spent', 'wrong-tag', 'open']
});

/**
 * A clip that was shown for a conversation and never taken: back under a new nonce, so that the shown one
 * is not shown in a second conversation. Where it was taken after all, this is a settle.
 */
export const giveBackClip = defineCall({
  name: 'klippekort:give-back-clip',
  who: 'anyone',
  request: v.strictObject({
    conversation: ConversationId,
    ...Shown,
    ...Committed,
    tag: Bytes32
  }),
  value: Settled,
  refusals: [
    'wrong-stage',
    'wrong-epoch',
    'malformed-element',
    'too-many-guesses',
    'wrong-tag',
    'spent',
    'open'
  ]
});

/** What the two decided; it counts when both have said the same. The words of it are never sent. */
export const recordDecision = defineCall({
  name: 'klippekort:record-decision',
  who: 'anyone',
  request: v.strictObject({ capability: Capability, decision: Decision }),
  value: v.object({ agreed: v.boolean() }),
  refusals: ['unknown-capability', 'wrong-decision', 'not-held', 'already']
});

/**
 * Turns a pending clip into the clip of the decision that this conversation recorded: hold and settle in
 * one, because the outcome is known.
 */
export const askDecisionClip = defineCall({
  name: 'klippekort:ask-decision-clip',
  who: 'anyone',
  request: v.strictObject({ capability: Capability, ...Shown, ...Committed, tag: Bytes32 }),
  value: Settled,
  refusals: [
    'unknown-capability',
    'wrong-holder',
    'wrong-stage',
    'wrong-epoch',
    'malformed-element',
    'too-many-guesses',
    'wrong-tag',
    'no-decision',
    'already',
    'spent'
  ]
});
