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

/** Who takes, and which accounts are on shift: whoever has booked with one of them is left to them. */
export interface Taker {
  readonly account: string;
  readonly onShift: readonly string[];
}

/** Who waits, and of whom a counsellor has taken that they do not wait. Each change is one step. */
export interface QueueStore {
  /**
   * Puts somebody in, or back in, the place their `since` gives them; their socket is at this node.
   * @returns false when they have been taken in this turn or a later one
   */
  put(waiting: Waiting): Promise<boolean>;
  /**
   * Somebody who was taken waits again in a later turn; their page still has to come back.
   * @returns false when that turn has begun already
   */
  putBack(waiting: Waiting): Promise<boolean>;
  /** Their socket at this node went away. */
  lost(conversation: ConversationId): Promise<void>;
  /** @returns false when they do not wait */
  markStage(conversation: ConversationId, stage: Stage): Promise<boolean>;
  /** @returns false when they did not wait */
  remove(conversation: ConversationId): Promise<boolean>;
  /** Removes and gives the first who is here: before all others who has booked with who takes. */
  takeNext(by: Taker): Promise<Waiting | null>;
  /**
   * Somebody has sat down with them, so they do not wait, unless in a turn later than `unless`.
   * @param unless the turn itself, when it is not given
   */
  markTaken(conversation: ConversationId, turn: number, unless?: number): Promise<void>;
  isTaken(conversation: ConversationId): Promise<boolean>;
  /** Nothing of it is kept. */
  over(conversation: ConversationId): Promise<void>;
  find(conversation: ConversationId): Promise<Waiting | null>;
  /** Everybody, who has booked before the others, longest first. */
  list(): Promise<readonly Waiting[]>;
  /** Milliseconds since 1970 of the last times the door was opened, oldest first. */
  openings(): Promise<readonly number[]>;
  /** Hears of each place that nobody came back to. */
  onForgotten: (conversation: ConversationId) => void;
  /** Hears that somebody whose socket is here was taken, or went on, at another node. */
  onTakenElsewhere: (conversation: ConversationId, why: 'taken' | 'moved') => void;
  /** Hears that another node changed the queue. */
  onChanged: () => void;
  /** Hears that the store has forgotten who was taken. */
  onEmptied: () => void;
}
