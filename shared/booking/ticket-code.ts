import { TICKET_BYTES } from '../crypto/ticket.ts';
import {
  addCheck,
  bytesOf,
  digitsOf,
  isChecked,
  readDigits,
  writeDigits
} from '../klippekort/crockford.ts';

/** 52 digits of the secret and 2 that check it: a length that no card's code has. */
export const ticketCodeLength = 54;

export type TicketCodeRefusal =
  /** A sign that no code has. */
  | 'wrong-sign'
  /** Digits are missing or there are too many. */
  | 'wrong-length'
  /** A digit is wrong, or two stand in the wrong order. */
  | 'wrong-digit';

/** A ticket as 54 Crockford digits of 5 bits (our design). @param ticket 32 bytes */
export const writeTicketCode = (ticket: Uint8Array): string =>
  writeDigits(addCheck(digitsOf(ticket), 'ticket'));

/** @returns the ticket, 32 bytes; one wrong digit, or two neighbours exchanged, is always found */
export function readTicketCode(
  text: string
): { ok: true; ticket: Uint8Array } | { ok: false; refusal: TicketCodeRefusal } {
  const refused = (refusal: TicketCodeRefusal) => ({ ok: false, refusal }) as const;
  const digits = readDigits(text);
  if (!digits) return refused('wrong-sign');
  if (digits.length !== ticketCodeLength) return refused('wrong-length');
  if (!isChecked(digits, 'ticket')) return refused('wrong-digit');
  const ticket = bytesOf(digits.slice(0, -2));
  return ticket?.length === TICKET_BYTES ? { ok: true, ticket } : refused('wrong-digit');
}
