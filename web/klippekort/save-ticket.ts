import { m } from '#web/words/paraglide/messages.js';
import { drawTicket, type Ticket, type TicketWords } from './draw-ticket.ts';
import { readPicture } from './read-picture.ts';

export const ticketWords = (): TicketWords => ({
  title: m.ticket_title(),
  way: m.ticket_way(),
  travelClass: m.ticket_class(),
  bearer: m.ticket_bearer(),
  keep: m.ticket_keep(),
  direction: document.dir === 'rtl' ? 'rtl' : 'ltr'
});

/** Saves the ticket as `billet.png`, once it has been read back: some browsers draw pictures wrong on purpose. */
export async function saveTicket(
  ticket: Ticket,
  words: TicketWords = ticketWords()
): Promise<{ ok: true } | { ok: false; refusal: 'cannot-save' }> {
  const picture = await drawTicket(ticket, words).catch(() => null);
  const read = picture && (await readPicture(picture));
  if (!picture || !read?.ok || read.code !== ticket.code)
    return { ok: false, refusal: 'cannot-save' };
  const link = document.createElement('a');
  link.href = URL.createObjectURL(picture);
  link.download = 'billet.png';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return { ok: true };
}
