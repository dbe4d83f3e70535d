import { saveTicket, ticketWords } from '../klippekort/save-ticket.ts';

/** The same old train ticket as the card's, without clips: no time on it, because a time can be moved. */
export async function saveBookingTicket(
  code: string,
  words: readonly [string, string]
): Promise<boolean> {
  const saved = await saveTicket(
    { code, clipsLeft: 0, limit: 0 },
    { ...ticketWords(), way: words.join(' – ') }
  );
  return saved.ok;
}
