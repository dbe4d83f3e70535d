import type { Registration } from './registration.ts';

/** What is counted: one value of one dimension, or of two together; never of three. */
export type Counted = Readonly<
  Partial<
    Record<'kind' | 'age' | 'theme' | 'substance' | 'onward' | 'length' | 'registered', string>
  >
>;

/** The name of a counter, e.g. `kind=young age=under-18`; of no dimension: `all`. */
export const counterOf = (counted: Counted): string =>
  Object.entries(counted)
    .map(([dimension, value]) => `${dimension}=${value}`)
    .join(' ') || 'all';

/**
 * The counters that a registration adds one to. Ages stand beside kinds, themes and substances, because
 * what is offered differs by age: which ages come at all, what brings them, and what they take. All other
 * pairs are left out: a service plans nothing by them, and every pair makes a person easier to find.
 * @param registration `nothing`: the counsellor chose to say nothing of it
 */
export function countersOf(registration: Registration | 'nothing'): readonly string[] {
  if (registration === 'nothing') return [counterOf({ registered: 'nothing' })];
  const { kind, age, themes, substance, onward, length } = registration;
  return [
    { registered: 'something' },
    { kind, age },
    ...themes.map((theme) => ({ theme, age })),
    { substance, age },
    { onward },
    { length }
  ].map(counterOf);
}
