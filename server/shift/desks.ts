import type { ShiftState } from '#shared/shift/calls.ts';
import type { Account } from '#server/counsellor/account.ts';

/** A shift whose desk is out of reach still counts for this many milliseconds. */
export const deskKept = 60_000;

/** What one node, or the whole house, knows of somebody who works. */
export interface Desks {
  readonly account: Omit<Account, 'session'>;
  readonly state: ShiftState;
  /** Grows each time a state is said, at whichever node; the highest holds. */
  readonly said: number;
  readonly open: number;
  readonly conversations: number;
  /** Is there, or was a moment ago by the clock of the node that says so. */
  readonly counts: boolean;
}

/**
 * Whether somebody is there, though their desk may have been out of reach for a little while.
 * @param goneAt milliseconds since 1970 when the last desk went; null while one is open, or none ever was
 */
export const mayCount = (
  { open, said, conversations }: Pick<Desks, 'open' | 'said' | 'conversations'>,
  goneAt: number | null,
  now: number
): boolean =>
  goneAt === null ? open > 0 || said > 0 || conversations > 0 : now - goneAt < deskKept;

/** What was said last. */
export const latest = (desks: readonly Desks[]): Desks | undefined =>
  desks.toSorted((one, other) => other.said - one.said)[0];

/** What several nodes know of the same account, as one. */
export function together(all: readonly Desks[]): Desks[] {
  const byAccount = new Map<string, Desks[]>();
  for (const desks of all) {
    const { id } = desks.account;
    byAccount.set(id, [...(byAccount.get(id) ?? []), desks]);
  }
  return [...byAccount.values()].flatMap((same) => {
    const last = latest(same);
    if (!last || same.length === 1) return same;
    const open = same.reduce((sum, one) => sum + one.open, 0);
    const conversations = same.reduce((sum, one) => sum + one.conversations, 0);
    return [{ ...last, open, conversations, counts: same.some(({ counts }) => counts) }];
  });
}
