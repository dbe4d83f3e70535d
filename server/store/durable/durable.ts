import type { Bookings } from './bookings.ts';
import type { Clips } from './clips.ts';
import type { Counters } from './counters.ts';
import type { Messages } from './messages.ts';
import type { Phrases } from './phrases.ts';
import type { Plan } from './plan.ts';
import type {
  Accounts,
  Certificates,
  Invitations,
  Passkeys,
  StoredOrganisation,
  StoredSessions
} from './staff.ts';

/**
 * What survives a kill and a power cut: when a promise resolves, the change is on the disk; when it rejects,
 * nobody knows, and asking the same again is safe. Nothing that
 * was said is ever here, and of a conversation only that it was, for two days, under a keyed hash (clips).
 * What visitors write down for the team (bookings, messages) is sealed before it comes here.
 */
export interface Durable {
  /** 32 random bytes made at first start. Capability tokens are keyed with them, so that a token from before a restart can be verified after it. */
  secret(): Buffer;
  readonly accounts: Accounts;
  readonly sessions: StoredSessions;
  readonly passkeys: Passkeys;
  readonly invitations: Invitations;
  readonly certificates: Certificates;
  /** Null until it is set up; a try-out never is. */
  organisation(): Promise<StoredOrganisation | null>;
  /** False when there is one. */
  setOrganisation(organisation: StoredOrganisation): Promise<boolean>;
  /** Whether another process has written what may shut somebody out since this was asked last; also true for more than that. */
  changedElsewhere(): Promise<boolean>;
  readonly clips: Clips;
  readonly plan: Plan;
  readonly bookings: Bookings;
  readonly messages: Messages;
  readonly phrases: Phrases;
  readonly counters: Counters;
  close(): Promise<void>;
}
