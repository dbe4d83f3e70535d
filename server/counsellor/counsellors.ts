import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import type { Clock } from '#server/clock.ts';
import type { Durable, StoredAccount } from '#server/store/durable/durable.ts';
import { nameOf, type Account } from './account.ts';
import { staffCookie } from './cookie.ts';
import { deskRoutes } from './desk-routes.ts';
import { HashingTurns } from './hashing-turns.ts';
import { Lockout } from './lockout.ts';
import { hashPassword } from './password.ts';
import { Sessions, type Revoked } from './sessions.ts';

const SWEEP_EVERY = 30_000;

export interface CounsellorsParts {
  readonly store: Pick<Durable, 'accounts' | 'sessions'>;
  readonly clock: Clock;
  /** Whether the public origin is https. */
  readonly https: boolean;
  readonly isAllowedOrigin: (origin: string | undefined) => boolean;
  /** Whether this account is in an open conversation: its session then idles longer. */
  readonly inConversation: (account: string) => boolean;
}

/** The staff: their accounts, who of them is signed in, and the routes by which they sign in. */
export interface Counsellors {
  readonly routes: Router;
  sessionOf(cookieHeader: string | undefined): Promise<Account | null>;
  /** Whether `account.session` is live; asking counts as being there. */
  stillSignedIn(session: string): Promise<Account | null>;
  /** Ends every session of an account. */
  signOut(account: string): Promise<void>;
  onRevoked(listener: (revoked: Revoked) => void): () => void;
  close(): void;
}

export function createCounsellors(parts: CounsellorsParts): Counsellors {
  const { store, clock, https, isAllowedOrigin, inConversation } = parts;
  const sessions = new Sessions(store, clock, inConversation);
  const cookie = staffCookie(https);
  // A store that fails once is asked again at the next sweep; every question checks for itself anyway.
  const sweeping = setInterval(() => void sessions.sweep().catch(() => {}), SWEEP_EVERY).unref();

  return {
    routes: deskRoutes({
      accounts: store.accounts,
      sessions,
      lockout: new Lockout(),
      turns: new HashingTurns(),
      clock,
      cookie,
      isAllowedOrigin
    }),
    sessionOf: (cookieHeader) => sessions.of(cookie.read(cookieHeader)),
    stillSignedIn: (session) => sessions.still(session),
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
    password: await hashPassword(person.password),
    totpSecret: null
  };
}
