import type { RosterPayload } from '#shared/roster/payload.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import { begin, type Kept } from '../conversation/kept.ts';
import type { MemberRole } from './view.ts';

export type Introduced = RosterPayload & { kind: 'pair-introduced' };
type KeptPair = NonNullable<Kept['pair']>;

/**
 * The room with somebody whom the counsellor has introduced.
 * @param role the part the other has; null before there is a roster, when only counsellors introduce themselves
 */
export function introduced(
  told: Introduced,
  role: MemberRole | null,
  joined: number,
  visitor: Visitor
): Kept {
  const isThird = role !== null && role !== 'visitor' && role !== 'counsellor';
  const pair: KeptPair = {
    of: told.of,
    member: told.member,
    joined,
    role: roleOf(told),
    side: isThird ? 'third' : (role ?? 'counsellor')
  };
  return { ...begin(told.conversation, told.capability, visitor, true), pair };
}

function roleOf({ certified, asking }: Introduced): KeptPair['role'] {
  if (certified) return asking ? 'visitor' : 'counsellor';
  return asking ? 'guest-asking' : 'guest-answering';
}
