import type { LocalDate } from '#shared/plan/planned-shift.ts';
import { addDays, dateIn } from '../booking/days.ts';
import { sayTime } from '../booking/say-time.ts';
import type { WeekSlot } from './shifts.svelte.ts';

/** Everything that begins at one time: one line of the calendar, however many are on shift then. */
export interface WeekBlock {
  readonly key: string;
  readonly date: LocalDate;
  readonly start: number;
  /** Of the wall's clock. */
  readonly hour: number;
  readonly slots: readonly [WeekSlot, ...WeekSlot[]];
  /** Times that have a seat left. */
  readonly free: number;
}

export interface WeekDay {
  readonly date: LocalDate;
  readonly blocks: readonly WeekBlock[];
}

/** The seven days of a week with what begins on them, in order. */
export function weekDays(
  monday: LocalDate,
  slots: readonly WeekSlot[],
  zone: string
): readonly WeekDay[] {
  const byStart = new Map<number, WeekBlock>();
  for (const slot of slots) {
    const { start } = slot;
    const known = byStart.get(start);
    const free = (known?.free ?? 0) + (slot.taken < slot.seats ? 1 : 0);
    byStart.set(start, {
      key: String(start),
      date: dateIn(zone, start),
      start,
      hour: Number(sayTime(start, zone).slice(0, 2)),
      slots: known ? [...known.slots, slot] : [slot],
      free
    });
  }
  const blocks = [...byStart.values()].toSorted((one, other) => one.start - other.start);
  return [0, 1, 2, 3, 4, 5, 6].map((at) => {
    const date = addDays(monday, at);
    return { date, blocks: blocks.filter((block) => block.date === date) };
  });
}

/** Every hour from the first that is used to the last. */
export function hoursOf(days: readonly WeekDay[]): number[] {
  const used = days.flatMap(({ blocks }) => blocks.map(({ hour }) => hour));
  if (used.length === 0) return [];
  const first = Math.min(...used);
  return Array.from({ length: Math.max(...used) - first + 1 }, (_, at) => first + at);
}

/** Where an arrow leads: up and down in a day, sideways to the nearest of the next day that has any. */
export function blockBeside(
  days: readonly WeekDay[],
  key: string,
  arrow: string
): WeekBlock | undefined {
  const filled = days.filter(({ blocks }) => blocks.length > 0).map(({ blocks }) => blocks);
  const column = filled.findIndex((blocks) => blocks.some((block) => block.key === key));
  const blocks = filled[column] ?? [];
  const row = blocks.findIndex((block) => block.key === key);
  const from = blocks[row];
  if (arrow === 'ArrowUp') return blocks[row - 1];
  if (arrow === 'ArrowDown') return blocks[row + 1];
  if (arrow === 'Home') return blocks[0];
  if (arrow === 'End') return blocks.at(-1);
  const beside = filled[column + (arrow === 'ArrowRight' ? 1 : -1)] ?? [];
  const far = ({ hour, start }: WeekBlock) =>
    Math.abs(hour * 60 + minute(start) - (from ? from.hour * 60 + minute(from.start) : 0));
  return column < 0 ? undefined : beside.toSorted((one, other) => far(one) - far(other))[0];
}

/** Of every zone that is kept to the half or quarter hour, these are the minutes that matter for what is near. */
const minute = (start: number): number => new Date(start).getUTCMinutes();
