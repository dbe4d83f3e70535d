import type { LocalDate, PlannedShift } from '#shared/plan/planned-shift.ts';
import { addDays } from '../booking/days.ts';

/** The shifts that fall in this week alone, in order. */
export const singlesIn = (shifts: readonly PlannedShift[], monday: LocalDate): PlannedShift[] =>
  shifts
    .flatMap((shift) => (shift.when.repeats === 'once' ? [{ shift, date: shift.when.date }] : []))
    .filter(({ date }) => date >= monday && date <= addDays(monday, 6))
    .toSorted((one, other) =>
      one.date + one.shift.start < other.date + other.shift.start ? -1 : 1
    )
    .map(({ shift }) => shift);

/** The same shifts on the same weekdays of another week, each a shift of its own. */
export function copiesOf(
  singles: readonly PlannedShift[],
  from: LocalDate,
  to: LocalDate
): PlannedShift[] {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  return singles.flatMap((shift) =>
    shift.when.repeats === 'once'
      ? [
          {
            ...shift,
            id: crypto.randomUUID(),
            when: { repeats: 'once' as const, date: addDays(shift.when.date, days) }
          }
        ]
      : []
  );
}
