import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import { Booked } from '#shared/booking/calls.ts';
import { doorWords, wordPairs } from '#shared/booking/door-words.ts';
import { askForSeats, readAgenda, seeSeat, takeSeat } from '#shared/booking/meeting-calls.ts';
import { isFor } from '#shared/booking/rules.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import { toFreeSlot } from './free-slots.ts';
import {
  conversationOfName,
  openedTicket,
  readSeatPass,
  storedKey,
  storedRequest,
  storedTicket,
  writeSeatPass
} from './names.ts';
import type { Office } from './office.ts';
import { isAhead, openTicket, standingOf } from './standing.ts';

const purpose = 'network';

/** Seats of a network meeting: who asked for it hands them on, and each is taken once, with a ticket of its own. */
export function serveSeats(office: Office): Served[] {
  const { bookings, messages, secret, clock, nameOf } = office;

  /** A pass is used when it has been answered: the answer is kept as long as the slot. */
  const used = (pass: string) => bookings.answered(storedKey(secret, pass));

  /** The meeting a pass is for, while it is to come and whoever asked for it still comes. */
  const meetingOf = async (pass: string) => {
    const meeting = readSeatPass(secret, pass);
    if (!meeting) return 'unknown-seat';
    const standing = await standingOf(office, meeting);
    if (!standing) return 'unknown-seat';
    const isOpen = isAhead(standing.booking) && standing.booking.isSeated;
    return isOpen && standing.slot.start > clock.now() ? standing : 'already-over';
  };

  return [
    serve(askForSeats, async ({ ticket, seats }) => {
      const standing = await openTicket(office, ticket);
      if (!standing?.booking.isSeated) return refuse('unknown-ticket');
      const { booking, slot } = standing;
      if (booking.purpose !== purpose) return refuse('not-a-network-meeting');
      if (!isAhead(booking)) return refuse('already-over');
      if (seats > slot.offer.seats) return refuse('too-few-seats');
      const meeting = openedTicket(secret, ticket);
      const passes = Array.from({ length: seats - 1 }, (_, at) =>
        writeSeatPass(secret, meeting, at + 1)
      );
      const given = passes.map(async (pass) => ({ pass, isTaken: (await used(pass)) !== null }));
      return accept({ seats: await Promise.all(given) });
    }),

    serve(seeSeat, async ({ pass }) => {
      const meeting = await meetingOf(pass);
      if (typeof meeting === 'string') return refuse(meeting);
      if (await used(pass)) return refuse('seat-taken');
      return accept(toFreeSlot(meeting.slot));
    }),

    serve(takeSeat, async ({ pass, ticket, visitor }) => {
      const request = storedRequest(secret, { pass, ticket, visitor });
      const before = await used(pass);
      // The same asked again, when the first answer was lost.
      if (before && Buffer.compare(before.request, request) === 0)
        return accept(v.parse(Booked, JSON.parse(before.answer)));
      if (before) return refuse('seat-taken');
      const meeting = await meetingOf(pass);
      if (typeof meeting === 'string') return refuse(meeting);
      const { slot } = meeting;
      if (!isFor(slot.offer, visitor, purpose)) return refuse('slot-not-for-this');
      const words = randomInt(wordPairs);
      const answer = { ...toFreeSlot(slot), words: doorWords(words) };
      const order = {
        ...({
          ticket: storedTicket(secret, ticket),
          slot: slot.id,
          visitor,
          purpose,
          words
        } as const),
        conversation: nameOf(conversationOfName(ticket)),
        note: null,
        clip: null,
        done: { key: storedKey(secret, pass), request, answer: JSON.stringify(answer) }
      };
      const done = await bookings.book([order], clock.now());
      switch (done.outcome) {
        case 'booked':
          return accept(answer);
        case 'ticket-known':
          return refuse('ticket-known');
        case 'slot-past':
          return refuse('already-over');
        case 'slot-gone':
          return refuse('slot-gone');
        default:
          return refuse('seat-taken');
      }
    }),

    serve(readAgenda, async ({ booking }) => {
      const standing = await standingOf(office, new Uint8Array(Buffer.from(booking, 'base64url')));
      if (!standing) return refuse('unknown-booking');
      if (standing.booking.purpose !== purpose) return refuse('not-a-network-meeting');
      const items = await messages.agenda(standing.slot.id);
      return accept({
        items: items.map(({ id, sealed }) => ({
          id: Buffer.from(id).toString('base64url'),
          sealed: Buffer.from(sealed).toString('base64url')
        }))
      });
    })
  ];
}
