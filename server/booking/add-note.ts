import { addNote } from '#shared/booking/calls.ts';
import { isSealedLength } from '#shared/crypto/sealed-note.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import type { Office } from './office.ts';
import { isAhead, openTicket, secondTryUntil } from './standing.ts';

/** A note for who will be there, as long as there is somebody to be met. */
export const serveAddNote = (office: Office) =>
  serve(addNote, async ({ ticket, note }) => {
    const standing = await openTicket(office, ticket);
    if (!standing) return refuse('unknown-ticket');
    if (!isAhead(standing.booking) && secondTryUntil(office, standing) === null)
      return refuse('already-over');
    if (!isSealedLength(note)) return refuse('note-too-long');
    await office.bookings.putNote(standing.booking.ticket, Buffer.from(note, 'base64url'));
    return accept({});
  });
