import { TICKET_BYTES } from '../crypto/ticket.ts';
import {
  readSecretCode,
  secretCodeLength,
  writeSecretCode,
  type SecretCodeRefusal
} from '../klippekort/secret-code.ts';

/** 54: 52 digits of the secret and 2 that check it, a length that no card's code has. */
export const ticketCodeLength = secretCodeLength(TICKET_BYTES);

/** A ticket as 54 Crockford digits of 5 bits (our design). @param ticket 32 bytes */
export const writeTicketCode = (ticket: Uint8Array): string => writeSecretCode(ticket, 'ticket');

/** @returns the ticket, 32 bytes; one wrong digit, or two neighbours exchanged, is always found */
export function readTicketCode(
  text: string
): { ok: true; ticket: Uint8Array } | { ok: false; refusal: SecretCodeRefusal } {
  const read = readSecretCode(text, { of: 'ticket', bytes: TICKET_BYTES });
  return read.ok ? { ok: true, ticket: read.secret } : read;
}
