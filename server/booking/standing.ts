import { afterMiss, checkInCloses, dayOf, isInTime, secondTryDays } from '#shared/booking/rules.ts';
import type { BookingChange, StoredBooking } from '#server/store/durable/bookings.ts';
import type { StoredSlot } from '#server/store/durable/plan.ts';
import { openedTicket } from './names.ts';
import type { Office } from './office.ts';

const day = 86_400_000;

/** A booking with its slot, as it stands now. */
export interface Standing {
  readonly booking: StoredBooking;
  readonly slot: StoredSlot;
}

/**
 * The booking a ticket opens. What is forged is looked for as long as what is not: one hash, one look-up.
 * @param ticket the secret, in base64url
 */
export const openTicket = (office: Office, ticket: string): Promise<Standing | null> =>
  standingOf(office, openedTicket(office.secret, ticket));

/** @param ticket as it is stored */
export async function standingOf(office: Office, ticket: Uint8Array): Promise<Standing | null> {
  const booking = await office.bookings.find(ticket);
  const slot = booking && (await office.plan.slot(booking.slot));
  if (!booking || !slot) return null;
  if (!isMissed(office, { booking, slot })) return { booking, slot };
  await office.bookings.change([miss(office, { booking, slot }, 'missed')], {
    now: office.clock.now()
  });
  const missed = await office.bookings.find(ticket);
  return missed && { booking: missed, slot };
}

/** In a chat nobody has to say it: who has not checked in by then did not come. */
export const isMissed = ({ clock }: Office, { booking, slot }: Standing): boolean =>
  isAhead(booking) && slot.offer.place.kind === 'chat' && clock.now() > slot.start + checkInCloses;

export const isAhead = ({ state }: StoredBooking): boolean =>
  state === 'planned' || state === 'moved-by-us';

/** What is the same afterwards unless it is said otherwise. */
export const unchanged = ({ booking }: Standing): BookingChange => ({
  ticket: booking.ticket,
  was: booking,
  state: booking.state,
  misses: booking.misses,
  slot: booking.slot,
  isSeated: booking.isSeated,
  movedFrom: booking.movedFrom,
  clip: null,
  clipDay: null,
  keepsNote: true
});

/** Nobody came, or it was cancelled too late: what the organisation's rule makes of it. */
export function miss(
  { missed }: Pick<Office, 'missed'>,
  standing: Standing,
  state: 'missed' | 'cancelled-late'
): BookingChange {
  const { booking, slot } = standing;
  const after = afterMiss(missed, booking.misses);
  const isOver = after !== 'second-try';
  return {
    ...unchanged(standing),
    state,
    misses: booking.misses + 1,
    // A time that is to come is free for somebody else.
    isSeated: state === 'missed' && booking.isSeated,
    clip: isOver ? after : null,
    clipDay: isOver ? null : dayOf(slot.start) + secondTryDays,
    keepsNote: !isOver
  };
}

/** Until when a missed time can be exchanged for another; null when it cannot. */
export function secondTryUntil({ missed, clock }: Office, { booking, slot }: Standing) {
  const isOpen = booking.state === 'missed' || booking.state === 'cancelled-late';
  if (!isOpen || missed !== 'given-back-once' || booking.misses !== 1) return null;
  const until = slot.start + secondTryDays * day;
  return clock.now() <= until ? until : null;
}

/** Until when it can be cancelled with the clip free again. What we moved can be, until it begins. */
export const freeUntil = ({ cancelHours }: Pick<Office, 'cancelHours'>, standing: Standing) =>
  standing.slot.start - (standing.booking.state === 'moved-by-us' ? 0 : cancelHours * 3_600_000);

/** What a move costs: nothing, a miss, or it cannot be had. */
export function costOfMove(
  office: Office,
  standing: Standing
): 'nothing' | 'a-miss' | 'not-movable' {
  const { booking, slot } = standing;
  // Others come to the same meeting: its time is not one person's to change.
  if (slot.offer.seats > 1) return 'not-movable';
  if (secondTryUntil(office, standing) !== null) return 'nothing';
  if (!isAhead(booking)) return 'not-movable';
  const now = office.clock.now();
  if (booking.state === 'moved-by-us' || isInTime(slot.start, now, office.cancelHours))
    return 'nothing';
  if (office.missed === 'given-back') return 'nothing';
  return office.missed === 'given-back-once' && booking.misses === 0 ? 'a-miss' : 'not-movable';
}
