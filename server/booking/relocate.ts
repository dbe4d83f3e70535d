import { dayOf, isFor } from '#shared/booking/rules.ts';
import type { BookingChange } from '#server/store/durable/bookings.ts';
import type { StoredSlot } from '#server/store/durable/plan.ts';
import { standingIn, toDayBooking } from './day.ts';
import type { Office } from './office.ts';
import { isAhead, unchanged, type Standing } from './standing.ts';

const day = 86_400_000;

/** A time that could be had, whether its slot is there already or only follows from what is planned. */
export interface Opening extends Pick<
  StoredSlot,
  'account' | 'start' | 'minutes' | 'offer' | 'counsellor'
> {
  /** Seats that nobody has. */
  readonly left: number;
}

/** The nearest opening for each, the earliest booking first, with the same counsellor where that is within a day; none twice. */
export function nearest<One extends Opening>(
  openings: readonly One[],
  standing: readonly Standing[],
  now: number
): { standing: Standing; to: One | null }[] {
  const left = new Map(openings.map((one) => [one, one.left] as const));
  return standing.map((one) => {
    const far = ({ start, account }: Opening) =>
      Math.abs(start - one.slot.start) + (account === one.slot.account ? 0 : day);
    const [to = null] = [...left.keys()]
      .filter((opening) => opening.start > now && mayHave(one, opening))
      .toSorted((a, b) => far(a) - far(b));
    const seats = to ? (left.get(to) ?? 0) - 1 : 0;
    if (to && seats > 0) left.set(to, seats);
    else if (to) left.delete(to);
    return { standing: one, to };
  });
}

/** The same form of meeting, as long, for the same people. */
export const mayHave = (
  { booking, slot }: Standing,
  to: Pick<StoredSlot, 'offer' | 'minutes'>
): boolean =>
  to.offer.place.kind === slot.offer.place.kind &&
  to.minutes >= slot.minutes &&
  isFor(to.offer, booking.visitor, booking.purpose);

export const bookingName = ({ booking }: Standing): string =>
  Buffer.from(booking.ticket).toString('base64url');

export const moved = (standing: Standing, to: StoredSlot): BookingChange => ({
  ...unchanged(standing),
  state: 'moved-by-us',
  slot: to.id,
  isSeated: true,
  // Moved twice, it is still told from where it was when the visitor last knew.
  movedFrom: standing.booking.movedFrom ?? standing.slot.start,
  clipDay: dayOf(to.start)
});

export const cancelled = (standing: Standing): BookingChange => ({
  ...unchanged(standing),
  state: 'cancelled-by-us',
  isSeated: false,
  clip: 'did-not',
  keepsNote: false
});

/**
 * What a proposal comes to; null when it is not about exactly these bookings, each once, or one of them cannot have its place.
 * @param slotOf the slot that is meant; null when there is none that may be had
 */
export async function changesOf<Move extends { readonly booking: string }>(
  standing: readonly Standing[],
  moves: readonly Move[],
  slotOf: (move: Move) => Promise<StoredSlot | null | 'cancelled'>
): Promise<BookingChange[] | null> {
  const byName = new Map(standing.map((one) => [bookingName(one), one]));
  const names = new Set(moves.map(({ booking }) => booking));
  if (moves.length !== standing.length || names.size !== moves.length) return null;
  const changes: BookingChange[] = [];
  for (const move of moves) {
    const one = byName.get(move.booking);
    const to = await slotOf(move);
    if (!one || !to || (to !== 'cancelled' && !mayHave(one, to))) return null;
    changes.push(to === 'cancelled' ? cancelled(one) : moved(one, to));
  }
  return changes;
}

/** What the plan asks of the bookings when a change would take their slots away. */
export function relocation(office: Office, horizon: number) {
  const { plan, bookings, clock } = office;
  const ahead = async () => {
    const now = clock.now();
    const standing = await standingIn(office, now, now + horizon);
    return standing.filter(({ booking }) => booking.isSeated);
  };
  const of = async (slots: readonly number[]) =>
    (await ahead()).filter(({ slot }) => slots.includes(slot.id));

  return {
    /** Where the bookings of these slots could go, and how many others of a shift stay. */
    async propose(slots: readonly number[], openings: readonly Opening[], shift: string | null) {
      const standing = await of(slots);
      const all = await ahead();
      const kept = all.filter(({ slot }) => slot.shift === shift && !slots.includes(slot.id));
      const moves = nearest(openings, standing, clock.now()).map(({ standing: one, to }) => ({
        booking: toDayBooking(one, null),
        to: to && { account: to.account, start: to.start, counsellor: to.counsellor }
      }));
      return { moves, kept: kept.length };
    },

    /** All of the bookings of these slots at once. @returns false when they are others by now: then nothing is changed */
    async move(
      slots: readonly number[],
      moves: readonly {
        readonly booking: string;
        readonly to: { readonly account: string; readonly start: number } | null;
      }[]
    ): Promise<boolean> {
      const standing = await of(slots);
      if (!standing.every(({ booking }) => isAhead(booking))) return false;
      const changes = await changesOf(standing, moves, async ({ to }) => {
        if (to === null) return 'cancelled';
        const there = await plan.slots(to.start, to.start + 1);
        return (
          there.find(({ id, account }) => account === to.account && !slots.includes(id)) ?? null
        );
      });
      if (!changes) return false;
      return (await bookings.change(changes, { now: clock.now() })).outcome === 'changed';
    }
  };
}
