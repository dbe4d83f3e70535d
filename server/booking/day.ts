import { bookingDay, markBooking, readNote, type DayBooking } from '#shared/booking/calls.ts';
import { doorWords } from '#shared/booking/door-words.ts';
import { isDate, plusDays } from '#shared/plan/check-shift.ts';
import { daySpan } from '#shared/plan/slots-of.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import type { Office } from './office.ts';
import { isAhead, miss, standingOf, unchanged, type Standing } from './standing.ts';

const year = 366 * 86_400_000;
const toBytes = (booking: string): Uint8Array => new Uint8Array(Buffer.from(booking, 'base64url'));

/** A booking as counsellors and leads see it. @param account who looks; null when it is nobody's own */
export const toDayBooking = ({ booking, slot }: Standing, account: string | null): DayBooking => ({
  booking: Buffer.from(booking.ticket).toString('base64url'),
  slot: slot.id,
  start: slot.start,
  minutes: slot.minutes,
  zone: slot.offer.zone,
  place: slot.offer.place,
  counsellor: slot.counsellor,
  isMine: slot.account === account,
  state: booking.state,
  kind: booking.visitor.kind,
  age: booking.visitor.age,
  language: booking.visitor.language,
  purpose: booking.purpose,
  stage: booking.stage,
  words: doorWords(booking.words),
  hasNote: booking.hasNote
});

/** Bookings whose slot starts in a span, each as it stands now, in order of time. */
export async function standingIn(office: Office, from: number, until: number): Promise<Standing[]> {
  const bookings = await office.bookings.between(from, until);
  const standing = await Promise.all(bookings.map(({ ticket }) => standingOf(office, ticket)));
  return standing
    .filter((one) => one !== null)
    .toSorted((one, other) => one.slot.start - other.slot.start || one.slot.id - other.slot.id);
}

/** Somebody's own bookings, and those that nobody is left to meet: of who is suspended, or gone. */
async function whose({ plan }: Office, account: string | undefined) {
  const there = new Set((await plan.counsellors()).map((one) => one.account));
  return ({ slot }: Standing): boolean => slot.account === account || !there.has(slot.account);
}

/** What counsellors see and say of the bookings of a day. */
export const serveDay = (office: Office): Served[] => [
  serve(bookingDay, async ({ date, days = 1 }, { account }) => {
    if (!isDate(date)) return refuse('no-such-date');
    const { from } = daySpan(date, office.zone);
    const { until } = daySpan(plusDays(date, days - 1), office.zone);
    if (Math.abs(from - office.clock.now()) > year) return refuse('too-far');
    const standing = await standingIn(office, from, until);
    if (account?.role === 'lead')
      return accept({
        bookings: standing.map((one) => ({ ...toDayBooking(one, null), hasNote: false }))
      });
    const may = await whose(office, account?.id);
    const seen = standing.filter(may);
    return accept({ bookings: seen.map((one) => toDayBooking(one, account?.id ?? null)) });
  }),

  serve(readNote, async ({ booking }, { account }) => {
    const standing = await standingOf(office, toBytes(booking));
    const may = await whose(office, account?.id);
    if (!standing || !may(standing)) return refuse('unknown-booking');
    const note = await office.bookings.note(toBytes(booking));
    return accept({ note: note && Buffer.from(note).toString('base64url') });
  }),

  serve(markBooking, async ({ booking, outcome }, { account }) => {
    const standing = await standingOf(office, toBytes(booking));
    const may = await whose(office, account?.id);
    if (!standing || !may(standing)) return refuse('unknown-booking');
    const { state } = standing.booking;
    if (state === outcome) return accept({});
    const now = office.clock.now();
    if (standing.slot.start > now) return refuse('too-early');
    if (!isAhead(standing.booking) && state !== 'checked-in') return refuse('already-over');
    const change =
      outcome === 'missed'
        ? miss(office, standing, 'missed')
        : { ...unchanged(standing), state: outcome, clip: outcome, keepsNote: false };
    const changed = await office.bookings.change([change], { now });
    return changed.outcome === 'changed' ? accept({}) : refuse('already-over');
  })
];
