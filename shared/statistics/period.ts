import type { IsoWeek } from './iso-week.ts';

/** Weeks that are published together, once they are over. */
export interface Period {
  readonly first: IsoWeek;
  readonly last: IsoWeek;
}

const length = 4;
const periods = 13;

/**
 * The period a week is in: 13 a year, of four weeks each; a week 53 belongs to the last. Periods never
 * overlap and never change their length, because two that did could be subtracted from each other.
 */
export function periodOf(week: IsoWeek): Period {
  const [year = '', number = ''] = week.split('-W');
  const period = Math.min(Math.ceil(Number(number) / length), periods);
  const weekAt = (at: number) => `${year}-W${String(at).padStart(2, '0')}`;
  const first = weekAt((period - 1) * length + 1);
  // Whether a year has a week 53 does not matter to what lies between.
  return { first, last: weekAt(period === periods ? 53 : period * length) };
}

/** @param now the week it is now */
export const isOver = ({ last }: Period, now: IsoWeek): boolean => last < now;
