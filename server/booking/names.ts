import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { bookingConversation, ticketName } from '#shared/crypto/ticket.ts';

/** Node reads a key object four times as fast as bytes. */
const keys = new WeakMap<Uint8Array, KeyObject>();
function keyOf(secret: Uint8Array): KeyObject {
  const known = keys.get(secret);
  if (known) return known;
  const key = createSecretKey(secret);
  keys.set(secret, key);
  return key;
}

/** What is written down in place of what a device holds: HMAC-SHA256 under the server's secret, 32 bytes. */
const named = (secret: Uint8Array, label: string, bytes: Uint8Array | string): Uint8Array =>
  new Uint8Array(
    createHmac('sha256', keyOf(secret)).update(`frirum booking ${label}`).update(bytes).digest()
  );

/** @param name the ticket's name as a device books with it, 32 bytes in base64url */
export const storedTicket = (secret: Uint8Array, name: string): Uint8Array =>
  named(secret, 'ticket', Buffer.from(name, 'base64url'));

/** @param ticket the secret itself, 32 bytes in base64url */
export const openedTicket = (secret: Uint8Array, ticket: string): Uint8Array =>
  named(secret, 'ticket', ticketName(Buffer.from(ticket, 'base64url')));

export const storedKey = (secret: Uint8Array, key: string): Uint8Array =>
  named(secret, 'key', Buffer.from(key, 'base64url'));

export const storedRequest = (secret: Uint8Array, request: unknown): Uint8Array =>
  named(secret, 'request', JSON.stringify(request));

/** @param name the name of a message's code, 32 bytes */
export const storedCode = (secret: Uint8Array, name: Uint8Array): Uint8Array =>
  named(secret, 'code', name);

/**
 * The right to one seat of a meeting: the meeting's ticket as it is stored (32 bytes), which seat (1 byte),
 * and HMAC-SHA256 of both (32 bytes), in base64url.
 */
export function writeSeatPass(secret: Uint8Array, meeting: Uint8Array, seat: number): string {
  const right = Buffer.concat([meeting, Uint8Array.of(seat)]);
  return Buffer.concat([right, named(secret, 'seat', right)]).toString('base64url');
}

/** @returns the meeting's ticket as it is stored; null for a pass that was not written here */
export function readSeatPass(secret: Uint8Array, pass: string): Uint8Array | null {
  const bytes = Buffer.from(pass, 'base64url');
  if (bytes.length !== 65) return null;
  const right = bytes.subarray(0, 33);
  const isOurs = timingSafeEqual(bytes.subarray(33), named(secret, 'seat', right));
  return isOurs ? new Uint8Array(right.subarray(0, 32)) : null;
}

/** @param ticket the secret itself, in base64url */
export const conversationOfTicket = (ticket: string): string =>
  conversationOfName(
    Buffer.from(ticketName(Buffer.from(ticket, 'base64url'))).toString('base64url')
  );

/** @param name the ticket's name, in base64url */
export const conversationOfName = (name: string): string =>
  Buffer.from(bookingConversation(Buffer.from(name, 'base64url'))).toString('base64url');
