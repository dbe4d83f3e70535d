import type { Returned } from '#shared/queue/calls.ts';
import type { ConversationId } from '#shared/wire/ids.ts';

export type Role = 'visitor' | 'counsellor';

/** Milliseconds: a conversation that nobody is attached to waits for somebody to come back. */
export const waitsForSomebody = 30 * 60_000;

/**
 * Milliseconds for which a closed conversation is known to be closed. No right to a conversation is good
 * for longer, and what is counted for one need not be kept for longer.
 */
export const rememberedClosed = 12 * 3_600_000;

/** Where a side of a conversation is told what happens; one live socket of that role. */
export interface Receiver {
  /** A MESSAGE frame of the other side, verbatim. */
  message(frame: Uint8Array): void;
  /** What the server has stored, and the other side has received, of this side's messages. */
  status(stored: number, delivered: number): void;
  /** The server misses `stored + 1`. */
  gap(stored: number): void;
  /** The other side's socket came or went. */
  otherHere(here: boolean): void;
  /** A newer socket of the same role took this one's place. */
  moved(): void;
  /** The conversation went back to the queue. */
  returned(why: Returned): void;
  closed(): void;
}

/**
 * One attached side. Outcomes come back through the receiver, never as a promise: this is the path
 * of every message.
 */
export interface Line {
  readonly conversation: ConversationId;
  readonly role: Role;
  append(n: number, base: number, frame: Uint8Array): void;
  /** The receiver has everything of the other side up to n. */
  received(n: number): void;
  /** Everything of the other side from `expected` on, again. */
  sync(expected: number): void;
  detach(): void;
}

export interface Attached {
  readonly line: Line;
  readonly stored: number;
  readonly delivered: number;
  readonly otherHere: boolean;
}

/** Holds ciphertext until the other side has it; what is closed is gone at once. */
export interface RelayStore {
  /**
   * A conversation that is not known is begun: after a restart the capability alone proves it. A turn
   * later than the known one restarts it first.
   * @param turn how often it has gone back to the queue, as the capability says
   * @param attempt what is lower than that of the side's live socket was held up on its way; 0 when not told
   * @returns null when it was closed, is in a later turn, or the side has attached since
   */
  attach(
    conversation: ConversationId,
    role: Role,
    expected: number,
    receiver: Receiver,
    turn: number,
    attempt?: number
  ): Promise<Attached | null>;
  /**
   * Begins anew under a later turn, in one step: whoever is attached is told and let go, what was sent is
   * forgotten, numbers begin at 1 again. What `markTookPlace` said stays. It is kept while it waits.
   * @param unlessHere nothing happens while this role has a live socket
   * @returns false when nothing happened: closed, not a later turn, or somebody is here
   */
  restart(
    conversation: ConversationId,
    turn: number,
    why: Returned,
    unlessHere?: Role
  ): Promise<boolean>;
  /** 0 for one that is not known. */
  turnOf(conversation: ConversationId): Promise<number>;
  close(conversation: ConversationId): Promise<void>;
  /**
   * Closes it when nobody has been there for as long as a conversation is kept.
   * @returns for how many milliseconds it is too soon; 0: it is closed, now or since before
   */
  closeIfLeft(conversation: ConversationId): Promise<number>;
  /** Both have written: a counsellor's device says so, the server cannot read it. */
  markTookPlace(conversation: ConversationId): Promise<void>;
  /** `did-not`: it is over, and nobody had said that it took place. */
  outcomeOf(conversation: ConversationId): Promise<'open' | 'took-place' | 'did-not'>;
  isClosed(conversation: ConversationId): Promise<boolean>;
  /** Whether that role has a live socket in the conversation. */
  isHere(conversation: ConversationId, role: Role): Promise<boolean>;
  /** Hears of each conversation in which nothing more can be said. */
  onOver: (conversation: ConversationId) => void;
  stop(): Promise<void>;
}
