/** A message left out of hours: sealed before it comes here, and gone after a week. */
export interface StoredMessage {
  /** Keyed hash of the code's name, 32 bytes. */
  readonly code: Uint8Array;
  /** What the sealed words belong to, 16 bytes; it does not lead to the code. */
  readonly id: Uint8Array;
  /** Days since 1970. */
  readonly day: number;
  readonly sealed: Uint8Array;
  /** The visitor's own age recipient for this one answer. */
  readonly recipient: string;
  readonly answer: Uint8Array | null;
}

export interface StoredRecipient {
  readonly account: string;
  readonly recipient: string;
  readonly certificate: Uint8Array;
  readonly signature: Uint8Array;
}

/** What is sealed to the team and waits; every method is one atomic step. */
export interface Messages {
  /** @returns false when the code is known */
  leave(message: Omit<StoredMessage, 'answer'>): Promise<boolean>;
  find(code: Uint8Array): Promise<StoredMessage | null>;
  /** Those without an answer, in no order of their coming within a day. */
  waiting(): Promise<readonly StoredMessage[]>;
  /** @returns false when there is none, or it has an answer */
  answer(code: Uint8Array, sealed: Uint8Array): Promise<boolean>;
  remove(code: Uint8Array): Promise<boolean>;
  /** Those left before this day. */
  forget(day: number): Promise<void>;

  /** The age recipient of each counsellor who can read, as they signed it. */
  recipients(): Promise<readonly StoredRecipient[]>;
  /** @returns false when there are `most` others */
  putRecipient(recipient: StoredRecipient, most: number): Promise<boolean>;

  /** What a network meeting is to be about, sealed; oldest id first. @returns false when there are `most` */
  addAgendaItem(slot: number, id: Uint8Array, sealed: Uint8Array, most: number): Promise<boolean>;
  agenda(
    slot: number
  ): Promise<readonly { readonly id: Uint8Array; readonly sealed: Uint8Array }[]>;
}
