import type { Clips } from './clips.ts';
import type { Counters } from './counters.ts';
import type { Phrases } from './phrases.ts';

/** One person of the staff, as stored. */
export interface StoredAccount {
  readonly id: string;
  /** What is typed at sign-in, in the form that `nameOf` gives it. */
  readonly name: string;
  /** What colleagues see, and what a visitor sees once a conversation is open. */
  readonly shownName: string;
  readonly role: 'counsellor' | 'lead';
  /** A PHC string, `$argon2id$…`. */
  readonly password: string;
  readonly totpSecret: string | null;
}

/** A signed-in browser. The token itself is never stored. Times are milliseconds, by the server's clock. */
export interface StoredSession {
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  readonly account: string;
  readonly startedAt: number;
  readonly seenAt: number;
}

/**
 * What survives a kill and a power cut: when a promise resolves, the change is on the disk. Nothing that
 * was said is ever here, and of a conversation only that it was, for two days, under a keyed hash (clips).
 */
export interface Durable {
  /** 32 random bytes made at first start. Capability tokens are keyed with them, so that a token from before a restart can be verified after it. */
  secret(): Buffer;
  readonly accounts: {
    /** All or none. */
    add(accounts: readonly StoredAccount[]): Promise<void>;
    named(name: string): Promise<StoredAccount | null>;
    withId(id: string): Promise<StoredAccount | null>;
    count(): Promise<number>;
  };
  readonly sessions: {
    add(session: StoredSession): Promise<void>;
    find(tokenHash: string): Promise<StoredSession | null>;
    seen(tokenHash: string, at: number): Promise<void>;
    /** False when there was none. */
    remove(tokenHash: string): Promise<boolean>;
    all(): Promise<readonly StoredSession[]>;
  };
  readonly clips: Clips;
  readonly phrases: Phrases;
  readonly counters: Counters;
  close(): Promise<void>;
}
