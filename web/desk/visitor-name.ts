import type { Visitor } from '#shared/visitor/visitor.ts';
import { m } from '#web/words/paraglide/messages.js';

/** What a visitor is called at the desk: kind and age band, which is all that is known. */
export function visitorName({ kind, age }: Pick<Visitor, 'kind' | 'age'>): string {
  const name = { young: m.kind_young, parent: m.kind_parent, professional: m.kind_professional };
  if (!age) return name[kind]();
  return `${name[kind]()}, ${age === 'under-18' ? m.age_under_18() : m.age_18_24()}`;
}
