import { begin, beginCircle, type Kept } from '../conversation/kept.ts';
import type { Seat } from './team.svelte.ts';

/** What a counsellor begins with who was asked into a colleague's conversation: the seat, and the way in. */
export function seatOf({ conversation: of, capability, visitor, pair }: Seat): {
  seat: Kept;
  way: Kept;
} {
  const by = { of, role: 'counsellor', member: null, side: 'counsellor', joined: 1 } as const;
  return {
    seat: { ...begin(of, capability, visitor, true), circle: beginCircle(of, 'none') },
    way: { ...begin(pair.conversation, pair.capability, visitor, true), pair: by }
  };
}
