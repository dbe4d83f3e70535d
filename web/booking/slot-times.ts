import type { OfferedSlot } from '#shared/booking/week.ts';
import { addDays, dateIn } from './days.ts';

/** One time in one place; several counsellors may be free then. */
export interface SlotTime {
  readonly name: string;
  readonly start: number;
  readonly minutes: number;
  readonly zone: string;
  readonly place: OfferedSlot['place'];
  /** One a counsellor. */
  readonly slots: readonly [OfferedSlot, ...OfferedSlot[]];
}

export interface SlotDay {
  /** `2026-11-25`, where whoever looks is. */
  readonly date: string;
  readonly times: readonly SlotTime[];
}

/** What can be chosen, each time once, in order. */
export function timesOf(slots: readonly OfferedSlot[]): SlotTime[] {
  const times = new Map<string, SlotTime>();
  for (const slot of slots) {
    const { start, minutes, zone, place } = slot;
    const name = `${start} ${minutes} ${zone} ${JSON.stringify(place)}`;
    const known = times.get(name);
    const of: SlotTime['slots'] = known ? [...known.slots, slot] : [slot];
    times.set(name, { name, start, minutes, zone, place, slots: of });
  }
  return [...times.values()].toSorted((one, other) => one.start - other.start);
}

/** Monday to Friday, and whatever other day has a time. */
export function daysOf(monday: string, times: readonly SlotTime[], zone: string): SlotDay[] {
  const days = new Map<string, SlotTime[]>();
  for (let day = 0; day < 5; day += 1) days.set(addDays(monday, day), []);
  for (const time of times) {
    const date = dateIn(zone, time.start);
    const known = days.get(date);
    if (known) known.push(time);
    else days.set(date, [time]);
  }
  return [...days]
    .map(([date, found]) => ({ date, times: found }))
    .toSorted((one, other) => (one.date < other.date ? -1 : 1));
}

/** The same counsellor at the same hour, a week between each, as long as there is one. */
export function weeklyFrom(
  first: OfferedSlot,
  later: readonly OfferedSlot[],
  most: number
): OfferedSlot[] {
  const week = 7 * 86_400_000;
  const series = [first];
  for (let last = first; series.length < most;) {
    const next = later.find(
      ({ counsellor, zone, place, start }) =>
        counsellor === first.counsellor &&
        zone === first.zone &&
        place.kind === first.place.kind &&
        // The wall's clock may have been changed in between.
        Math.abs(start - last.start - week) <= 3_600_000
    );
    if (!next) break;
    series.push(next);
    last = next;
  }
  return series;
}
