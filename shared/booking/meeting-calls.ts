import * as v from 'valibot';
import { Visitor } from '../visitor/visitor.ts';
import { Base64Url } from '../wire/bytes.ts';
import { defineCall } from '../wire/define-call.ts';
import { Booked, BookingId, FreeSlot } from './calls.ts';
import { fewestSeats, mostSeats } from './rules.ts';

const Bytes32 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));
/** What a link has: the right to one seat of one meeting, 65 bytes under the server's secret. */
const Pass = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}[AEIMQUYcgkosw048]$/));
const over = ['unknown-ticket', 'not-a-network-meeting', 'already-over'] as const;

/**
 * Who has asked for a network meeting hands on its seats. Asked again, the same seats: which of them are
 * taken is said, by whom is not.
 */
export const askForSeats = defineCall({
  name: 'booking:ask-for-seats',
  who: 'anyone',
  request: v.strictObject({
    ticket: Bytes32,
    /** How many come, whoever asks among them. */
    seats: v.pipe(v.number(), v.integer(), v.minValue(fewestSeats), v.maxValue(mostSeats))
  }),
  value: v.object({ seats: v.array(v.object({ pass: v.string(), isTaken: v.boolean() })) }),
  refusals: [...over, 'too-few-seats']
});

/** When and where it is, for who was given a link; nothing of who else comes. */
export const seeSeat = defineCall({
  name: 'booking:see-seat',
  who: 'anyone',
  request: v.strictObject({ pass: Pass }),
  value: FreeSlot,
  refusals: ['unknown-seat', 'seat-taken', 'already-over']
});

/** A seat, once, with a ticket of one's own. */
export const takeSeat = defineCall({
  name: 'booking:take-seat',
  who: 'anyone',
  request: v.strictObject({
    pass: Pass,
    /** ticketName of the secret. */
    ticket: Bytes32,
    visitor: Visitor
  }),
  value: Booked,
  refusals: [
    'unknown-seat',
    'seat-taken',
    'already-over',
    'slot-not-for-this',
    'slot-gone',
    'ticket-known'
  ]
});

/** As those with a seat see it; who has the key reads it. */
export const readAgenda = defineCall({
  name: 'booking:read-agenda',
  who: 'counsellor',
  request: v.strictObject({ booking: BookingId }),
  value: v.object({ items: v.array(v.object({ id: v.string(), sealed: Base64Url(45_000) })) }),
  refusals: ['unknown-booking', 'not-a-network-meeting']
});
