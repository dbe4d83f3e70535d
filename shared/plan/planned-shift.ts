import * as v from 'valibot';
import { Purpose } from '../booking/purpose.ts';
import { Language, VisitorKind } from '../visitor/visitor.ts';

/** A day of the calendar, `2026-11-21`; whether there is such a day is for `checkShift` to say. */
export const LocalDate = v.pipe(
  v.string(),
  v.regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/)
);
export type LocalDate = v.InferOutput<typeof LocalDate>;

/** What the clock on the wall shows, `16:30`. */
const LocalTime = v.pipe(v.string(), v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/));
/** The end of a day is `24:00`. */
const LocalEnd = v.pipe(v.string(), v.regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/));

/** An IANA name, `Europe/Copenhagen`. */
export const Zone = v.pipe(
  v.string(),
  v.regex(/^[A-Z][A-Za-z0-9_+-]{1,30}(?:\/[A-Za-z0-9_+-]{1,30}){0,2}$/)
);

const Line = v.pipe(v.string(), v.trim(), v.maxLength(120));

/** Where people meet. Lines may be empty here, so that what is missing is refused by its name. */
export const Place = v.variant('kind', [
  v.strictObject({ kind: v.literal('chat') }),
  v.strictObject({ kind: v.literal('house'), address: Line }),
  v.strictObject({ kind: v.literal('drop-in'), name: Line, address: Line }),
  v.strictObject({ kind: v.literal('walk'), address: Line }),
  v.strictObject({ kind: v.literal('named-by-visitor') })
]);
export type Place = v.InferOutput<typeof Place>;

const Minutes = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(480));

const Weekly = v.strictObject({
  repeats: v.literal('weekly'),
  /** 1 is Monday (ISO 8601). */
  weekday: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(7)),
  from: LocalDate,
  /** The last day it may fall on; null: until somebody says so. */
  until: v.nullable(LocalDate)
});
const Single = v.strictObject({ repeats: v.literal('once'), date: LocalDate });

/** What a slot is for, whoever sees it: the same for every slot of a shift. */
export const Offer = v.strictObject({
  place: Place,
  languages: v.pipe(v.array(Language), v.minLength(1), v.maxLength(4)),
  kinds: v.pipe(v.array(VisitorKind), v.minLength(1), v.maxLength(3)),
  purposes: v.pipe(v.array(Purpose), v.minLength(1), v.maxLength(7)),
  /** How many may come to one slot, each with a ticket of their own: more than one in a network meeting. */
  seats: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8))
});
export type Offer = v.InferOutput<typeof Offer>;

/** A shift as a lead plans it: on the wall's clock, in the zone it is kept in. */
export const PlannedShift = v.strictObject({
  id: v.pipe(v.string(), v.uuid()),
  account: v.pipe(v.string(), v.maxLength(64)),
  when: v.variant('repeats', [Weekly, Single]),
  start: LocalTime,
  end: LocalEnd,
  zone: Zone,
  slotMinutes: v.pipe(Minutes, v.minValue(5)),
  pauseMinutes: Minutes,
  offer: Offer
});
export type PlannedShift = v.InferOutput<typeof PlannedShift>;

/** Days on which nothing is offered: a holiday, a school holiday. Both ends are in it. */
export const ClosedDays = v.strictObject({
  from: LocalDate,
  until: LocalDate,
  name: v.pipe(v.string(), v.trim(), v.maxLength(60))
});
export type ClosedDays = v.InferOutput<typeof ClosedDays>;
