import type { Offer } from '../plan/planned-shift.ts';
import type { FreeSlot, Week } from './calls.ts';

/** A free slot with what it is for. */
export interface OfferedSlot extends FreeSlot {
  readonly offer: Omit<Offer, 'seats'>;
}

const minute = 60_000;
type Group = Week['groups'][number];

/** Slots of one shift stand together, each as the step from the one before. @param slots in order of time */
export function writeWeek(
  monday: string,
  from: number,
  slots: readonly { readonly group: string; readonly slot: OfferedSlot }[]
): Week {
  const groups = new Map<string, { group: Group; id: number; start: number }>();
  for (const { group: name, slot } of slots) {
    const start = (slot.start - from) / minute;
    const known = groups.get(name);
    if (known) {
      // Where ids go down the step is written past zero, so that it stays a count.
      known.group.ids.push(zigzag(slot.slot - known.id));
      known.group.starts.push(start - known.start);
      known.id = slot.slot;
      known.start = start;
      continue;
    }
    const { place, languages, kinds, purposes } = slot.offer;
    const { counsellor, zone, minutes } = slot;
    const lists = { languages: [...languages], kinds: [...kinds], purposes: [...purposes] };
    const first = { ids: [zigzag(slot.slot)], starts: [start] };
    const group = { counsellor, zone, minutes, place, ...lists, ...first };
    groups.set(name, { group, id: slot.slot, start });
  }
  return { monday, from, groups: [...groups.values()].map(({ group }) => group) };
}

/** The slots of a week in order of time, as `writeWeek` was given them. */
export function readWeek({ from, groups }: Week): OfferedSlot[] {
  const slots = groups.flatMap(({ ids, starts, counsellor, zone, minutes, place, ...lists }) => {
    let slot = 0;
    let start = from;
    return ids.map((step, at) => {
      slot += unzigzag(step);
      start += (starts[at] ?? 0) * minute;
      return { slot, start, minutes, zone, place, counsellor, offer: { place, ...lists } };
    });
  });
  return slots.toSorted((one, other) => one.start - other.start || one.slot - other.slot);
}

const zigzag = (step: number): number => (step < 0 ? -2 * step - 1 : 2 * step);
const unzigzag = (count: number): number => (count % 2 === 1 ? -(count + 1) / 2 : count / 2);
