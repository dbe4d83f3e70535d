import type { ConversationId } from '#shared/wire/ids.ts';
import type { Returned } from '#shared/queue/calls.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';

/** The time of somebody who has booked. */
export interface Booked {
  /** The counsellor's account. */
  readonly with: string;
  /** Its start, in milliseconds since 1970. */
  readonly at: number;
  /** Seconds since 1970 when they last said that they are here: of two devices the newer goes on. */
  readonly checkedIn: number;
}

/** One who waits. */
export interface Waiting {
  readonly conversation: ConversationId;
  readonly visitor: Visitor;
  /** Seconds since 1970; the longest wait is next. */
  readonly since: number;
  /** Milliseconds since 1970 when the socket went away; null while it is here. */
  readonly goneAt: number | null;
  /** What the clip opens that was shown for this conversation; null in a first one. */
  readonly stage: Stage | null;
  /** How often they were taken and came back. */
  readonly turn: number;
  /** Why they came back; null for one who was never taken. */
  readonly returned: Returned | null;
  /** For somebody who has booked and says "I am here": ahead of everybody else. */
  readonly booked?: Booked;
}

export interface QueueStore {
  /** Puts somebody in, or back in, the place their `since` gives them. */
  put(waiting: Waiting): Promise<void>;
  remove(conversation: ConversationId): Promise<boolean>;
  /** Removes and gives the first who is here, of those that may be taken. */
  takeNext(mayTake?: (waiting: Waiting) => boolean): Promise<Waiting | null>;
  /** Everybody, who has booked before the others, longest first. */
  list(): Promise<readonly Waiting[]>;
  /** Milliseconds since 1970 of the last times the door was opened, oldest first. */
  openings(): Promise<readonly number[]>;
  /** Hears of each place that nobody came back to. */
  onForgotten: (conversation: ConversationId) => void;
}
