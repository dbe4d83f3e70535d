import type { StaffRole } from '#shared/counsellor/role.ts';
import type { StoredAccount } from '#server/store/durable/staff.ts';

/** A member of staff whose session is live: what the rest of the server may know of them. */
export interface Account {
  readonly id: string;
  /** What is typed at sign-in. */
  readonly name: string;
  /** What colleagues see, and a visitor in an open conversation. */
  readonly shownName: string;
  readonly role: StaffRole;
  /** Which session this is: a name that is worth nothing to who reads it, and stays when the token is renewed. */
  readonly session: string;
}

export const toAccount = (stored: StoredAccount, session: string): Account => ({
  id: stored.id,
  name: stored.name ?? '',
  shownName: stored.shownName,
  role: stored.role,
  session
});

/** One spelling per name: how it was capitalised or composed at the keyboard makes no second account. */
export const nameOf = (typed: string): string => typed.normalize('NFC').trim().toLowerCase();
