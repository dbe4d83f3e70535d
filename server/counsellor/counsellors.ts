import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import type { Clock } from '#server/clock.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import type { StoredAccount } from '#server/store/durable/staff.ts';
import type { Attempts, Once } from '#server/store/volatile/house.ts';
import { nameOf, type Account } from './account.ts';
import { Challenges } from './challenges.ts';
import { staffCookie } from './cookie.ts';
import { deskRoutes } from './desk-routes.ts';
import { HashingTurns } from './hashing-turns.ts';
import { attemptsHere } from './lockout.ts';
import { hashPassword } from './password.ts';
import { Sessions, type Revoked } from './sessions.ts';

const SWEEP_EVERY = 30_000;

export interface CounsellorsParts {
  readonly store: Pick<Durable, 'accounts' | 'sessions' | 'passkeys' | 'invitations' | 'secret'>;
  readonly clock: Clock;
  /** What the organisation is called: shown to who is invited, and in their authenticator app. */
  readonly organisation: string;
  /** The public https origin, or null on loopback. */
  readonly origin: string | null;
  readonly allowedOrigins: () => readonly string[];
  /** Whether this account is in an open conversation: its session then idles longer. */
  readonly inConversation: (account: string) => boolean;
  readonly once: Once;
  /** How tries to sign in are counted; null for in this process. */
  readonly attempts: Attempts | null;
  /** Hears that somebody has come to the team. */
  readonly onJoined?: () => void;
}

/** The staff: their accounts, who of them is signed in, and the routes by which they sign in. */
export interface Counsellors {
  readonly routes: Router;
  sessionOf(cookieHeader: string | undefined): Promise<Account | null>;
  /** Whether `account.session` is live; asking counts as being there. */
  stillSignedIn(session: string): Promise<Account | null>;
  /** The same, and asking does not count. */
  isLive(session: string): Promise<boolean>;
  /** Whether they have proved within five minutes that it is they. */
  isFresh(session: string): Promise<boolean>;
  /** Ends every session of an account. */
  signOut(account: string): Promise<void>;
  onRevoked(listener: (revoked: Revoked) => void): () => void;
  close(): void;
}

export function createCounsellors(parts: CounsellorsParts): Counsellors {
  const { store, clock, organisation, origin, allowedOrigins, inConversation } = parts;
  const sessions = new Sessions(store, clock, inConversation);
  const cookie = staffCookie(origin !== null);
  // A store that fails once is asked again at the next sweep; every question checks for itself anyway.
  const sweeping = setInterval(() => void sessions.sweep().catch(() => {}), SWEEP_EVERY).unref();

  return {
    routes: deskRoutes({
      store,
      accounts: store.accounts,
      passkeys: store.passkeys,
      challenges: new Challenges(store.secret(), clock, parts.once),
      // Passkeys are bound to a name: on loopback to `localhost`, for a number has none.
      rpId: origin === null ? 'localhost' : new URL(origin).hostname,
      rpName: organisation,
      origins: allowedOrigins,
      organisation,
      serverSecret: store.secret(),
      sessions,
      attempts: parts.attempts ?? attemptsHere(clock),
      turns: new HashingTurns(),
      clock,
      cookie,
      isAllowedOrigin: (from) => allowedOrigins().includes(from ?? ''),
      onJoined: () => parts.onJoined?.()
    }),
    sessionOf: (cookieHeader) => sessions.of(cookie.read(cookieHeader)),
    stillSignedIn: (session) => sessions.still(session),
    isLive: (session) => sessions.isLive(session),
    isFresh: (session) => sessions.isFresh(session),
    signOut: (account) => sessions.endAllOf(account),
    onRevoked: (listener) => sessions.onRevoked(listener),
    close: () => clearInterval(sweeping)
  };
}

/** A new account with its password hashed, ready to be stored. */
export async function makeAccount(
  person: Pick<StoredAccount, 'shownName' | 'role'> & { name: string; password: string }
): Promise<StoredAccount> {
  return {
    id: randomUUID(),
    name: nameOf(person.name),
    shownName: person.shownName,
    role: person.role,
    state: 'active',
    password: await hashPassword(person.password),
    totpSecret: null,
    seenDay: null
  };
}
