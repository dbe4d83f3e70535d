import type { Gone } from '../conversation/pair.svelte.ts';

/** One pair that came to its end, among those that are left. */
interface Parting {
  readonly how: Gone;
  /** The part that the other had. */
  readonly side: 'visitor' | 'counsellor' | 'third';
  /** The pair that the conversation began with. */
  readonly isFirst: boolean;
  /** Its counsellor had left before, and another goes on. */
  readonly isResting: boolean;
  readonly iAmCounsellor: boolean;
  /** How many are left: all, and those that this page cannot do without. */
  readonly left: { readonly all: number; readonly others: number };
}

/** Whether a conversation of more than two is over for this page when one of its pairs is. */
export function isOverAfter(parting: Parting): 'over' | 'one-less' | 'nothing' {
  const { how, side, isFirst, isResting, iAmCounsellor, left } = parting;
  if (how === 'elsewhere' || how === 'returned') return 'over';
  // The goodbye of who has left is no news; when the room itself is closed, it is.
  if (isFirst && isResting) return how === 'by-other' ? 'nothing' : 'over';
  if (side === 'visitor' && (isFirst || how === 'by-other')) return 'over';
  if (!iAmCounsellor && left.others === 0) return 'over';
  return left.all === 0 ? 'over' : 'one-less';
}
