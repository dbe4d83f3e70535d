import { bookingWeek } from '#shared/booking/calls.ts';
import { dayOf, horizonDays, messageKeptDays, ticketKeptDays } from '#shared/booking/rules.ts';
import { isDate } from '#shared/plan/check-shift.ts';
import { isMonday, weekSpan } from '#shared/plan/slots-of.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import { serveAddNote } from './add-note.ts';
import { serveAgenda } from './serve-agenda.ts';
import { serveMessages } from './serve-messages.ts';
import { serveSeats } from './serve-seats.ts';
import { serveBook } from './book-slot.ts';
import { serveCancelBooking } from './cancel-booking.ts';
import { serveCheckIn } from './check-in.ts';
import { serveDay, standingIn } from './day.ts';
import { FreeSlots } from './free-slots.ts';
import { serveMoveAbsent } from './move-absent.ts';
import { serveMoveBooking } from './move-booking.ts';
import { asPeopleAsk, type Office, type Surroundings } from './office.ts';
import { relocation } from './relocate.ts';
import { serveSeeBooking } from './see-booking.ts';
import { unchanged } from './standing.ts';

const day = 86_400_000;

export interface Booking {
  readonly office: Office;
  /** For the door. */
  readonly served: readonly Served[];
  /** For a change of the plan that would take slots away. */
  readonly relocation: ReturnType<typeof relocation>;
  /** Null for a week that cannot be asked for. */
  week(monday: string): ReturnType<FreeSlots['week']> | null;
  /** A counsellor has said that the meeting of this conversation took place. */
  tookPlace(conversation: ConversationId): Promise<boolean>;
  /** Nothing more can be said in a conversation: the booking it was made for is over. */
  conversationOver(conversation: ConversationId, tookPlace: boolean): Promise<void>;
  /** Notes who did not come, and forgets what is too old; once an hour, and at start. */
  tidy(): Promise<void>;
}

/** The bookings' side of the service. */
export function createBooking(surroundings: Surroundings): Booking {
  const { bookings, plan, clock, zone, nameOf, messages, allowance } = surroundings;
  const free = new FreeSlots(plan, clock, zone);
  const office: Office = {
    ...surroundings,
    free,
    withoutClip: allowance('without-clip', asPeopleAsk)
  };

  const week = (monday: string) => {
    if (!isDate(monday) || !isMonday(monday)) return null;
    const { from, until } = weekSpan(monday, zone);
    const now = clock.now();
    return until > now && from < now + horizonDays * day ? free.week(monday) : null;
  };

  return {
    office,
    served: [
      serve(bookingWeek, async ({ monday, kind, language, purpose, place, counsellor }) => {
        if (!isDate(monday) || !isMonday(monday)) return refuse('not-a-monday');
        const all = await week(monday);
        if (!all) return refuse('too-far');
        const groups = all.groups.filter(
          (group) =>
            (!kind || group.kinds.includes(kind)) &&
            (!language || group.languages.includes(language)) &&
            (!purpose || group.purposes.includes(purpose)) &&
            (!place || group.place.kind === place) &&
            (!counsellor || group.counsellor === counsellor)
        );
        return accept({ ...all, groups });
      }),
      serveBook(office),
      serveSeeBooking(office),
      serveMoveBooking(office),
      serveCancelBooking(office),
      serveAddNote(office),
      serveCheckIn(office),
      ...serveDay(office),
      ...serveMoveAbsent(office),
      ...serveMessages(office),
      ...serveAgenda(office),
      ...serveSeats(office)
    ],
    week,

    relocation: relocation(office, (horizonDays + 7) * day),

    async tookPlace(conversation) {
      return (await bookings.inConversation(nameOf(conversation)))?.state === 'took-place';
    },

    async conversationOver(conversation, tookPlace) {
      const booking = await bookings.inConversation(nameOf(conversation));
      const slot = booking && (await plan.slot(booking.slot));
      if (!slot || booking.state !== 'checked-in') return;
      // The clip follows the conversation, not the booking: it is settled where every other one is.
      const state = tookPlace ? 'took-place' : 'cancelled';
      await bookings.change([{ ...unchanged({ booking, slot }), state, keepsNote: false }], {
        now: clock.now()
      });
    },

    async tidy() {
      const now = clock.now();
      // Looked at once, who did not come is noted.
      await standingIn(office, now - 2 * day, now);
      await bookings.forget(now - ticketKeptDays * day);
      await messages.forget(dayOf(now) - messageKeptDays);
    }
  };
}
