import { sha256 } from '@noble/hashes/sha2.js';
import { labelled } from './fields.ts';

export const TICKET_BYTES = 32;

/** A new ticket: 32 random bytes, made on the device and kept there. */
export const newTicket = (): Uint8Array => crypto.getRandomValues(new Uint8Array(TICKET_BYTES));

/** What a ticket is called where somebody books with it, 32 bytes (SHA-256): it does not open the booking. */
export const ticketName = (ticket: Uint8Array): Uint8Array =>
  sha256(labelled('frirum ticket v1', ticket));

/**
 * The conversation of a booking, 16 bytes, from the ticket's name: both sides compute it, so that nobody
 * can book into a conversation that is somebody else's (a second preimage of 128 bits).
 */
export const bookingConversation = (name: Uint8Array): Uint8Array =>
  sha256(labelled('frirum booking conversation v1', name)).slice(0, 16);
