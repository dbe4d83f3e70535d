import type { IsoWeek } from '#shared/statistics/iso-week.ts';

/** What is counted of conversations: a number a week, and nothing that it was counted from. */
export interface Counters {
  /** Adds one to each, all or none; no trace is left of which were counted together. */
  count(week: IsoWeek, counters: readonly string[]): Promise<void>;
  /** The sums of these weeks, both included. */
  sums(first: IsoWeek, last: IsoWeek): Promise<ReadonlyMap<string, number>>;
}
