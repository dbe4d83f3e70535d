import { checkIn } from '#shared/booking/calls.ts';
import { checkInAt } from '#shared/booking/rules.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import { conversationOfTicket } from './names.ts';
import type { Office } from './office.ts';
import { isAhead, openTicket, unchanged } from './standing.ts';

/** "I am here": a place ahead of the queue. From another device the same again: the newer has the place. */
export const serveCheckIn = (office: Office) =>
  serve(checkIn, async ({ ticket }, from) => {
    const standing = await openTicket(office, ticket);
    if (!standing) return refuse('unknown-ticket');
    const { booking, slot } = standing;
    const { clock, bookings, isClosed, enterAhead, issueCapability } = office;
    if (slot.offer.place.kind !== 'chat') return refuse('not-in-chat');
    const at = checkInAt(slot.start, clock.now());
    if (!isAhead(booking) && booking.state !== 'checked-in')
      return refuse(booking.state === 'missed' ? 'too-late' : 'already-over');
    if (at !== 'open') return refuse(at);
    const conversation = conversationOfTicket(ticket);
    if (from.line || (from.waitingFor && from.waitingFor !== conversation))
      return refuse('already-waiting');
    if (await isClosed(conversation)) return refuse('conversation-closed');
    if (booking.state !== 'checked-in')
      await bookings.change([{ ...unchanged(standing), state: 'checked-in' }], {
        now: clock.now()
      });
    const { visitor, stage } = booking;
    const { turn, place } = await enterAhead(
      { conversation, visitor, stage, account: slot.account, start: slot.start },
      from
    );
    return accept({
      conversation,
      capability: issueCapability(conversation, visitor, turn),
      place
    });
  });
