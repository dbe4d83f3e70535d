import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '#server/clock.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import type { StoredSession } from '#server/store/durable/staff.ts';
import { toAccount, type Account } from './account.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const IDLE = 15 * MINUTE;
const IDLE_IN_CONVERSATION = 30 * MINUTE;
const LONGEST = 8 * 60 * MINUTE;
/** After a step-up, what is dangerous may be asked for this long. */
const FRESH = 5 * MINUTE;
/** A session is written to disk as seen at most this often. */
const SEEN_EVERY = MINUTE / 2;

export interface Revoked {
  readonly account: string;
  readonly session: string;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const newToken = (): string => randomBytes(32).toString('base64url');

/** Who is signed in. A session is idle for 15 minutes at most, 30 in a conversation, and lives for 8 hours. */
export class Sessions {
  private readonly store: Pick<Durable, 'accounts' | 'sessions'>;
  private readonly clock: Clock;
  private readonly inConversation: (account: string) => boolean;
  private readonly listeners = new Set<(revoked: Revoked) => void>();

  constructor(
    store: Pick<Durable, 'accounts' | 'sessions'>,
    clock: Clock,
    inConversation: (account: string) => boolean
  ) {
    this.store = store;
    this.clock = clock;
    this.inConversation = inConversation;
  }

  /** Answers the token, which exists nowhere but in the browser's cookie. */
  async start(account: string): Promise<string> {
    const token = newToken();
    const now = this.clock.now();
    await this.store.sessions.add({
      id: randomUUID(),
      tokenHash: hashOf(token),
      account,
      startedAt: now,
      seenAt: now,
      provedAt: null
    });
    await this.store.accounts.seen(account, Math.floor(now / DAY));
    return token;
  }

  /** Whose token this is, if it is live. Asking counts as being there. */
  async of(token: string | null): Promise<Account | null> {
    if (token === null) return null;
    return this.accountOf(await this.store.sessions.withToken(hashOf(token)));
  }

  /** The same for who asked before: a socket asks with `account.session`, not with a cookie it kept. */
  async still(session: string): Promise<Account | null> {
    return this.accountOf(await this.store.sessions.find(session));
  }

  /** Whether a session is live, which does not count as being there. */
  async isLive(session: string): Promise<boolean> {
    const found = await this.store.sessions.find(session);
    return found !== null && !this.isOver(found);
  }

  /**
   * Somebody has proved once more that it is they: a new token in the place of the old, which is worth
   * nothing from now on; null when the session ended meanwhile. Sockets of the session stay.
   */
  async stepUp(session: string): Promise<string | null> {
    const found = await this.store.sessions.find(session);
    if (!found || this.isOver(found)) return null;
    const token = newToken();
    const isRenewed = await this.store.sessions.renew(found, hashOf(token), this.clock.now());
    return isRenewed ? token : null;
  }

  /** Whether the last step-up of a session is less than five minutes old. */
  async isFresh(session: string): Promise<boolean> {
    const found = await this.store.sessions.find(session);
    return typeof found?.provedAt === 'number' && this.clock.now() - found.provedAt < FRESH;
  }

  async end(token: string | null): Promise<void> {
    if (token === null) return;
    const found = await this.store.sessions.withToken(hashOf(token));
    if (found) await this.revoke(found);
  }

  async endAllOf(account: string): Promise<void> {
    for (const session of await this.store.sessions.all()) {
      if (session.account === account) await this.revoke(session);
    }
  }

  /** Ends what ran out while nobody asked, so that its sockets close as well. */
  async sweep(): Promise<void> {
    for (const session of await this.store.sessions.all()) {
      if (this.isOver(session)) await this.revoke(session);
    }
  }

  /** Hears of every session that ends. Answers the way to stop listening. */
  onRevoked(listener: (revoked: Revoked) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async accountOf(found: StoredSession | null): Promise<Account | null> {
    if (!found) return null;
    if (this.isOver(found)) {
      await this.revoke(found);
      return null;
    }
    const stored = await this.store.accounts.withId(found.account);
    if (stored?.state !== 'active') return null;
    const now = this.clock.now();
    if (now - found.seenAt >= SEEN_EVERY) await this.store.sessions.seen(found.id, now);
    return toAccount(stored, found.id);
  }

  private isOver({ account, startedAt, seenAt }: StoredSession): boolean {
    const now = this.clock.now();
    const idle = this.inConversation(account) ? IDLE_IN_CONVERSATION : IDLE;
    return now - startedAt >= LONGEST || now - seenAt >= idle;
  }

  private async revoke({ id, account }: StoredSession): Promise<void> {
    if (!(await this.store.sessions.remove(id))) return;
    for (const listener of this.listeners) listener({ account, session: id });
  }
}
