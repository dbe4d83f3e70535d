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

export interface HouseStore {
  readonly once: Once;
  /** Null: each node counts for itself, because it is the only one. */
  readonly attempts: Attempts | null;
  readonly neighbours: Neighbours;
  stop(): Promise<void>;
}
