import type { ShownClipOf } from '#shared/booking/shown.ts';
import type { MissedRule } from '#shared/booking/rules.ts';
import type { Place as StreetPlace } from '#shared/queue/calls.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from '#server/clock.ts';
import type { Bookings } from '#server/store/durable/bookings.ts';
import type { SpentClip } from '#server/store/durable/clips.ts';
import type { Messages } from '#server/store/durable/messages.ts';
import type { Plan } from '#server/store/durable/plan.ts';
import type { Allowance, HouseStore } from '#server/store/volatile/house.ts';
import type { Connection } from '#server/wire/connection.ts';
import type { FreeSlots } from './free-slots.ts';

/** For the whole house, 60 at once after a quiet time and then 120 an hour: no script fills it faster than people see it. */
export const asPeopleAsk = { atOnce: 60, perSecond: 120 / 3_600 };

export type ClipRefusal = 'wrong-epoch' | 'wrong-tag' | 'malformed-element' | 'too-many-guesses';

/** What the rest of the service does for bookings. */
export interface Surroundings {
  readonly bookings: Bookings;
  readonly plan: Plan;
  readonly messages: Messages;
  /** 32 bytes that outlive a restart. */
  readonly secret: Uint8Array;
  readonly clock: Clock;
  /** The zone in which a day is a day of this house. */
  readonly zone: string;
  /** Until so many hours before, a cancelled clip is free again. */
  readonly cancelHours: number;
  readonly missed: MissedRule;
  readonly allowance: HouseStore['allowance'];
  readonly checkProof: (proof: string) => Promise<'good' | 'refused' | 'expired' | 'used'>;
  /** Whether a clip is what it says, away from the event loop; nothing is spent. */
  readonly checkClip: (
    shown: ShownClipOf,
    conversation: ConversationId
  ) => Promise<SpentClip | ClipRefusal>;
  /** What a conversation is called in what is written down, 32 bytes. */
  readonly nameOf: (conversation: ConversationId) => Uint8Array;
  readonly issueCapability: (
    conversation: ConversationId,
    visitor: Visitor,
    turn: number
  ) => string;
  /** A place ahead of the queue, for this counsellor first; null when the counsellor is in the conversation already. */
  readonly enterAhead: (
    arrived: {
      readonly conversation: ConversationId;
      readonly visitor: Visitor;
      readonly stage: Stage | null;
      readonly account: string;
      /** Of the slot, in milliseconds since 1970. */
      readonly start: number;
    },
    from: Connection
  ) => Promise<{ readonly turn: number; readonly place: StreetPlace | null }>;
  readonly isClosed: (conversation: ConversationId) => Promise<boolean>;
  readonly close: (conversation: ConversationId) => Promise<void>;
}

export interface Office extends Surroundings {
  readonly free: FreeSlots;
  /** What costs no clip: of the whole house, because nobody has a name. */
  readonly withoutClip: Allowance;
}
