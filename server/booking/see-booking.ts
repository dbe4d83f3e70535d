import { seeBooking } from '#shared/booking/calls.ts';
import { doorWords } from '#shared/booking/door-words.ts';
import { checkInCloses, checkInOpens } from '#shared/booking/rules.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import { toFreeSlot } from './free-slots.ts';
import { conversationOfTicket } from './names.ts';
import type { Office } from './office.ts';
import {
  costOfMove,
  freeUntil,
  isAhead,
  openTicket,
  secondTryUntil,
  type Standing
} from './standing.ts';

/** How a booking stands, for who holds its ticket. */
export const serveSeeBooking = (office: Office) =>
  serve(seeBooking, async ({ ticket }) => {
    const standing = await openTicket(office, ticket);
    if (!standing) return refuse('unknown-ticket');
    const { booking, slot } = standing;
    const { start, offer } = slot;
    const isInChat = offer.place.kind === 'chat';
    const mayCheckIn = isInChat && (isAhead(booking) || booking.state === 'checked-in');
    return accept({
      state: booking.state,
      movedFrom: booking.movedFrom,
      ...toFreeSlot(slot),
      visitor: booking.visitor,
      purpose: booking.purpose,
      words: doorWords(booking.words),
      hasNote: booking.hasNote,
      freeUntil: freeUntil(office, standing),
      mayMove: costOfMove(office, standing) !== 'not-movable',
      secondTryUntil: secondTryUntil(office, standing),
      checkIn: mayCheckIn ? { from: start - checkInOpens, until: start + checkInCloses } : null,
      capability: await rightToCard(office, standing, ticket)
    });
  });

/**
 * After a first meeting without a screen: the right to ask for a card. The conversation itself is closed
 * before, so that it is a right to nothing else.
 */
async function rightToCard(
  { close, issueCapability }: Office,
  { booking, slot }: Standing,
  ticket: string
): Promise<string | null> {
  const { state, stage, visitor } = booking;
  if (state !== 'took-place' || stage !== null || slot.offer.place.kind === 'chat') return null;
  const conversation = conversationOfTicket(ticket);
  await close(conversation);
  return issueCapability(conversation, visitor, 0);
}
