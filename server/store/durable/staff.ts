import type { StaffRole } from '#shared/counsellor/role.ts';

/** One person of the staff, as stored. */
export interface StoredAccount {
  readonly id: string;
  /** What is typed at sign-in, in the form that `nameOf` gives it; null until an invitation is accepted. */
  readonly name: string | null;
  /** What colleagues see, and what a visitor sees once a conversation is open. */
  readonly shownName: string;
  readonly role: StaffRole;
  readonly state: 'invited' | 'active' | 'suspended';
  /** A PHC string, `$argon2id$…`; null for who signs in with a passkey. */
  readonly password: string | null;
  /** Base32 (RFC 4648), 20 bytes. */
  readonly totpSecret: string | null;
  /** The last day they signed in, in days since 1970. */
  readonly seenDay: number | null;
}

/** A signed-in browser. The token itself is never stored. Times are milliseconds, by the server's clock. */
export interface StoredSession {
  /** Stays when the token is renewed. */
  readonly id: string;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  readonly account: string;
  readonly startedAt: number;
  readonly seenAt: number;
  /** When they last proved once more that it is they. */
  readonly provedAt: number | null;
}

/** A WebAuthn credential. */
export interface StoredPasskey {
  /** base64url, as the browser tells it. */
  readonly id: string;
  readonly account: string;
  /** COSE. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
}

/** What somebody signs in with from now on. `recovery`: hashes of 32 bytes. */
export interface NewCredentials {
  readonly password: {
    readonly hash: string;
    readonly totpSecret: string;
    readonly step: number;
  } | null;
  readonly passkey: Omit<StoredPasskey, 'account'> | null;
  readonly recovery: readonly Uint8Array[];
}

export interface Accounts {
  /** All or none. */
  add(accounts: readonly StoredAccount[]): Promise<void>;
  named(name: string): Promise<StoredAccount | null>;
  withId(id: string): Promise<StoredAccount | null>;
  all(): Promise<readonly StoredAccount[]>;
  count(): Promise<number>;
  seen(id: string, day: number): Promise<void>;
  /** Takes sessions, certificates and requests with it. */
  suspend(id: string): Promise<'suspended' | 'not-active' | 'last-lead'>;
  resume(id: string): Promise<'resumed' | 'not-suspended' | 'needs-invitation'>;
  /** Uses a step of the one-time codes up: true for one asker only, and never for an older step. */
  useTotpStep(id: string, step: number): Promise<boolean>;
  /** Uses a recovery code up: true for one asker only. */
  useRecoveryCode(id: string, hash: Uint8Array): Promise<boolean>;
  replaceRecoveryCodes(id: string, hashes: readonly Uint8Array[]): Promise<void>;
  recoveryLeft(id: string): Promise<number>;
}

export interface StoredSessions {
  add(session: StoredSession): Promise<void>;
  find(id: string): Promise<StoredSession | null>;
  withToken(tokenHash: string): Promise<StoredSession | null>;
  seen(id: string, at: number): Promise<void>;
  /** Puts a new token in the place of the old; false when the session is gone or has another one already. */
  renew(session: StoredSession, tokenHash: string, provedAt: number): Promise<boolean>;
  /** False when there was none. */
  remove(id: string): Promise<boolean>;
  all(): Promise<readonly StoredSession[]>;
}

export interface Passkeys {
  find(id: string): Promise<StoredPasskey | null>;
  of(account: string): Promise<readonly StoredPasskey[]>;
  /** False when it exists. */
  add(passkey: StoredPasskey): Promise<boolean>;
  used(id: string, counter: number): Promise<void>;
}

export interface StoredInvitation {
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly used: boolean;
}

/** SHA-256 of a link's token, hex, and the end of its life in milliseconds since 1970. */
export interface NewInvitation {
  readonly tokenHash: string;
  readonly expiresAt: number;
}

export interface Invitations {
  invite(account: StoredAccount, invitation: NewInvitation): Promise<void>;
  find(tokenHash: string): Promise<StoredInvitation | null>;
  /** Milliseconds since 1970 by account, of invitations that are neither used nor withdrawn. */
  open(): Promise<ReadonlyMap<string, number>>;
  /** Uses an invitation up: for one asker only. */
  accept(
    tokenHash: string,
    name: string,
    credentials: NewCredentials,
    now: number
  ): Promise<
    'accepted' | 'unknown-invitation' | 'expired-invitation' | 'used-invitation' | 'name-taken'
  >;
  /** Somebody who never was here is gone; somebody who was is suspended. */
  withdraw(account: string): Promise<'withdrawn' | 'not-invited'>;
  /** Voids everything somebody signed in with, their sessions and certificates, and invites them anew. */
  reset(
    account: string,
    invitation: NewInvitation
  ): Promise<'reset' | 'unknown-person' | 'last-lead'>;
}

export interface StoredCertificate {
  readonly serial: string;
  readonly account: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly revoked: boolean;
}

export interface StoredRequest {
  readonly id: string;
  readonly account: string;
  readonly publicKey: Uint8Array;
}

export interface Certificates {
  all(): Promise<readonly StoredCertificate[]>;
  /** The one that lasts longest of those in force for a key of an account. */
  inForce(account: string, publicKey: Uint8Array, now: number): Promise<StoredCertificate | null>;
  add(certificate: Omit<StoredCertificate, 'revoked'>): Promise<void>;
  requests(): Promise<readonly StoredRequest[]>;
  /** Stores a request unless it is there. An account has five at most: the oldest go. True when it is new. */
  ask(request: StoredRequest): Promise<boolean>;
  /** Stores what a request asked for; false when somebody else has answered it. */
  deliver(request: string, certificate: Omit<StoredCertificate, 'revoked'>): Promise<boolean>;
  /** @returns the serials that were in force until now */
  revoke(which: { serial: string } | { account: string }): Promise<readonly StoredCertificate[]>;
  /** Serials of what is revoked and has not expired by `now`. */
  revoked(now: number): Promise<readonly string[]>;
  /** What the organisation said last about a key that signs the klippekort's keys (32 bytes), if it was said to a node. */
  ofService(publicKey: Uint8Array): Promise<Uint8Array | null>;
  /** Keeps it unless one is there that ends later. */
  renewService(publicKey: Uint8Array, bytes: Uint8Array, expiresAt: number): Promise<void>;
}

/** Whom this server belongs to, once it is set up. */
export interface StoredOrganisation {
  readonly name: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}
