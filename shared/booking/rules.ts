import type { Offer } from '../plan/planned-shift.ts';
import { holderOf, type Holder } from '../klippekort/rule.ts';
import { mayOpen, type Stage } from '../klippekort/stage.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { purposesOf, type Purpose } from './purpose.ts';

const minute = 60_000;
const day = 86_400_000;

/** From ten minutes before the start until twenty after, in milliseconds. */
export const checkInOpens = 10 * minute;
export const checkInCloses = 20 * minute;
/** A time that was missed can be exchanged for another one this many days long, once. */
export const secondTryDays = 14;
/** How long after its time a ticket can still be looked at, in days. */
export const ticketKeptDays = 15;
/** A message left out of hours and its answer are there for so many days. */
export const messageKeptDays = 7;
/** What a network meeting can be about at most. */
export const mostAgendaItems = 20;
/** How many a network meeting is asked for at least and at most. */
export const fewestSeats = 2;
export const mostSeats = 6;
/** Slots are there for booking this many days ahead. */
export const horizonDays = 84;
/** A desk sees a day and the week that follows at once. */
export const daysAtOnce = 8;
/** A series is of this many at most, a week between each. */
export const longestSeries = 5;

/** What becomes of the clip of somebody who did not come, and did not say so in time. */
export const missedRules = ['given-back-once', 'counts', 'given-back'] as const;
export type MissedRule = (typeof missedRules)[number];

/**
 * `given-back-once` without knowing anybody: the clip stays bound to the ticket, and the ticket may be moved
 * to one other time. Missed again, it counts. Left alone, it comes back by itself when the two weeks are
 * over: a clip is never lost for a time that nobody had.
 * @param misses how often this ticket's time was missed before
 */
export function afterMiss(
  rule: MissedRule,
  misses: number
): 'did-not' | 'took-place' | 'second-try' {
  if (rule === 'given-back') return 'did-not';
  if (rule === 'given-back-once' && misses === 0) return 'second-try';
  return 'took-place';
}

/** Whether it is said early enough that the clip is free again. Milliseconds; `hours` before the start. */
export const isInTime = (start: number, now: number, hours: number): boolean =>
  now <= start - hours * 60 * minute;

/** Whether somebody may say "I am here". @param now milliseconds since 1970 */
export function checkInAt(start: number, now: number): 'open' | 'too-early' | 'too-late' {
  if (now < start - checkInOpens) return 'too-early';
  return now > start + checkInCloses ? 'too-late' : 'open';
}

/** Whether a slot is meant for this visitor and this purpose. */
export const isFor = (offer: Offer, visitor: Visitor, purpose: Purpose): boolean =>
  offer.kinds.includes(visitor.kind) &&
  offer.languages.includes(visitor.language) &&
  offer.purposes.includes(purpose) &&
  purposesOf[visitor.kind].includes(purpose);

/** Whether nobody new can book a slot: the seats of a meeting are its own, once somebody has asked for it. */
export const isFull = ({
  taken,
  offer
}: {
  readonly taken: number;
  readonly offer: Pick<Offer, 'seats'>;
}): boolean => (offer.seats > 1 ? taken > 0 : taken >= offer.seats);

/** Whether what is shown may be shown for this: a decision clip is for the conversation that it opens, and for no other. */
export function mayShow(
  { holder, stage }: { readonly holder: Holder; readonly stage: Stage },
  visitor: Visitor,
  purpose: Purpose
): 'wrong-holder' | 'wrong-stage' | null {
  if (holder !== holderOf(visitor)) return 'wrong-holder';
  const isJoint = purpose === 'joint';
  if (!mayOpen(stage) || (stage === 'decision-involve') !== isJoint) return 'wrong-stage';
  return null;
}

/** Whether somebody of this kind can book it without a clip: the young need the decision's for a joint conversation. */
export const needsClip = (visitor: Visitor, purpose: Purpose): boolean =>
  visitor.kind === 'young' && purpose === 'joint';

/** Days since 1970 of a moment: the finest time that is written down of anybody. */
export const dayOf = (at: number): number => Math.floor(at / day);

/** Whether these moments are a weekly series: in order, each a week after the one before, by the wall's clock within an hour. */
export const isWeekly = (starts: readonly number[]): boolean =>
  starts.every((start, at) => {
    const before = starts[at - 1];
    return before === undefined || Math.abs(start - before - 7 * day) <= 60 * minute;
  });
