import type { Shifts } from '#server/shift/shifts.ts';
import type { LeftAlone } from './left-alone.ts';

interface Needs {
  readonly leftAlone: LeftAlone;
  readonly shifts: Shifts;
  /** Ends every session of an account, and closes its sockets. */
  readonly signOut: (account: string) => Promise<void>;
}

/** Somebody of the staff has to stop now, and nobody whom they were talking with pays for it. */
export async function withdrawCounsellor(
  account: string,
  { leftAlone, shifts, signOut }: Needs
): Promise<void> {
  try {
    // First the conversations: an open tab of theirs is still told what became of them.
    await leftAlone.withdraw(account);
  } finally {
    await signOut(account);
  }
  shifts.withdraw(account);
  // What they took between the two.
  await leftAlone.withdraw(account);
}
