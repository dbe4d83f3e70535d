import type { ConversationId } from '#shared/wire/ids.ts';

/** What may happen once in the whole house, however many nodes it has. */
export interface Once {
  /**
   * @param what is hashed under a key before it is kept
   * @param lasts milliseconds for which it is remembered
   * @returns false when somebody was faster
   */
  claim(what: string, lasts: number): Promise<boolean>;
  /** It did not come about after all. */
  release(what: string): Promise<void>;
}

/** Tries to sign in, counted by name. */
export interface Attempts {
  /** Counts a try before its outcome is known; one that has to wait whole `seconds` is not counted. */
  attempt(name: string): Promise<{ seconds: number } | { takeBack: () => Promise<void> }>;
  succeeded(name: string): Promise<void>;
}

/** So many at once after a quiet time, and so many more with each second. */
export interface AllowanceRule {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** What the whole house lets happen, however many nodes it has: numbers, and no word of who did it. */
export interface Allowance {
  /**
   * @param of what it is counted for, hashed under a key before it is kept; empty: everybody
   * @returns false when so many are not left, and nothing is counted
   */
  take(of: string, many?: number): Promise<boolean>;
  giveBack(of: string): Promise<void>;
}

/** How much the whole house is asked for. */
export interface Starts {
  /** Counts one. @returns how many there were in the last minute, this one among them */
  count(): Promise<number>;
}

/** What each node says about one matter, of itself; the others read it from their own memory. */
export interface Board<Facts> {
  /** In place of what was said before. */
  say(facts: Facts): void;
  /** Of every other node that lives. */
  others(): readonly Facts[];
}

/** Something that every other node hears once, within a second. */
export interface Post<Content> {
  tell(content: Content): void;
}

/** The other nodes of the house. What is said is JSON. */
export interface Neighbours {
  /** There never are any. */
  readonly isAlone: boolean;
  /** @param onChanged another node said something else, came or went */
  board<Facts>(matter: string, onChanged: () => void): Board<Facts>;
  post<Content>(matter: string, hear: (content: Content) => void): Post<Content>;
}

/**
 * Conversations of which somebody has still to make sure that they are settled, whichever nodes die: each
 * lies with the house until it is, and one node after the other is asked when its time has come.
 */
export interface Unsettled {
  /** From now on, until it is settled. */
  add(conversation: ConversationId): void;
  /** Somebody is in it at this node. @returns what to do when they have gone */
  hold(conversation: ConversationId): () => void;
  settled(conversation: ConversationId): Promise<void>;
  /** Another node has ended it, and settles it. */
  over(conversation: ConversationId): void;
  /** Is asked by one node at a time. @returns for how many milliseconds it is too soon; 0: it is settled */
  onDue: (conversation: ConversationId) => Promise<number>;
}

export interface HouseStore {
  readonly once: Once;
  /** Null: each node counts for itself, because it is the only one. */
  readonly attempts: Attempts | null;
  /** One for each matter. */
  readonly allowance: (matter: string, rule: AllowanceRule) => Allowance;
  readonly starts: Starts;
  readonly neighbours: Neighbours;
  readonly unsettled: Unsettled;
  stop(): Promise<void>;
}
