import { m } from '#web/words/paraglide/messages.js';
import type { MemberRole } from './view.ts';

const roles: Record<MemberRole, () => string> = {
  visitor: m.third_visitor,
  parent: m.third_parent,
  interpreter: m.third_interpreter,
  counsellor: m.who_counsellor,
  guest: m.third_guest
};

/** What somebody is called who has not said how. */
export const memberName = (name: string | null, role: MemberRole): string => name ?? roles[role]();
