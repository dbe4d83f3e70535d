import { addToAgenda, seeAgenda } from '#shared/booking/message-calls.ts';
import { mostAgendaItems } from '#shared/booking/rules.ts';
import { isSealedLength } from '#shared/crypto/sealed-note.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import type { Office } from './office.ts';
import { isAhead, openTicket } from './standing.ts';

/** An item that somebody wrote is no longer, in bytes; what brings the key to the team is. */
const longestItem = 2100;
const mostKeys = 2;

/** Who has a seat cannot fill the disk. */
async function hasRoom({ messages }: Office, slot: number, id: Uint8Array): Promise<boolean> {
  const long = (await messages.agenda(slot)).filter(({ sealed }) => sealed.length > longestItem);
  return long.length < mostKeys || long.some((one) => Buffer.compare(one.id, id) === 0);
}

/** What a network meeting is to be about: everybody with a seat adds to it, and the server reads none of it. */
export const serveAgenda = (office: Office): Served[] => [
  serve(seeAgenda, async ({ ticket }) => {
    const standing = await openTicket(office, ticket);
    if (!standing?.booking.isSeated) return refuse('unknown-ticket');
    if (standing.booking.purpose !== 'network') return refuse('not-a-network-meeting');
    const items = await office.messages.agenda(standing.slot.id);
    return accept({
      items: items.map(({ id, sealed }) => ({
        id: Buffer.from(id).toString('base64url'),
        sealed: Buffer.from(sealed).toString('base64url')
      }))
    });
  }),

  serve(addToAgenda, async ({ ticket, id, sealed }) => {
    const standing = await openTicket(office, ticket);
    if (!standing?.booking.isSeated) return refuse('unknown-ticket');
    if (standing.booking.purpose !== 'network') return refuse('not-a-network-meeting');
    if (!isAhead(standing.booking)) return refuse('already-over');
    const item = new Uint8Array(Buffer.from(id, 'base64url'));
    const bytes = new Uint8Array(Buffer.from(sealed, 'base64url'));
    const { messages } = office;
    if (!isSealedLength(sealed)) return refuse('note-too-long');
    if (bytes.length > longestItem && !(await hasRoom(office, standing.slot.id, item)))
      return refuse('agenda-full');
    const added = await messages.addAgendaItem(standing.slot.id, item, bytes, mostAgendaItems);
    return added ? accept({}) : refuse('agenda-full');
  })
];
