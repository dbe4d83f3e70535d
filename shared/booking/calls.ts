import * as v from 'valibot';
import { ShownClip } from '../klippekort/calls.ts';
import { Stage } from '../klippekort/stage.ts';
import { Place as StreetPlace } from '../queue/calls.ts';
import { LocalDate, Place, Zone } from '../plan/planned-shift.ts';
import { AgeBand, Language, Visitor, VisitorKind } from '../visitor/visitor.ts';
import { Base64Url } from '../wire/bytes.ts';
import { defineCall } from '../wire/define-call.ts';
import { Capability, ConversationId } from '../wire/ids.ts';
import { Purpose } from './purpose.ts';
import { daysAtOnce, longestSeries } from './rules.ts';

const Nothing = v.strictObject({});
/** Milliseconds since 1970, UTC. */
const Time = v.pipe(v.number(), v.integer(), v.minValue(0));
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const SlotId = v.pipe(v.number(), v.integer(), v.minValue(1));

/** 16 bytes made by the device: asked again with the same key, the same is answered for ever. */
const Key = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/));
const Bytes32 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));
/** The secret itself, 32 bytes: whoever has it has the booking. */
const Ticket = Bytes32;
/** The door refuses what is longer than anything sealed here; a note that is too long is refused by name. */
const Sealed = Base64Url(45_000);
const Proof = v.pipe(v.string(), v.maxLength(4000));

/** A booking as the counsellors call it: a keyed hash of the ticket's name. */
export const BookingId = Bytes32;
const Words = v.tuple([v.string(), v.string()]);

/** A slot as somebody who chooses one sees it. */
export const FreeSlot = v.object({
  slot: SlotId,
  start: Time,
  minutes: Count,
  zone: Zone,
  place: Place,
  counsellor: v.string()
});
export type FreeSlot = v.InferOutput<typeof FreeSlot>;

/**
 * The free slots of a week, compact: slots of one shift stand together, each as the step from the one
 * before. `readWeek` (week.ts) makes a list of it. The same at GET `/booking/week/<monday>`, compressed.
 */
export const Week = v.object({
  monday: LocalDate,
  /** Milliseconds since 1970 of the first moment of the week. */
  from: Time,
  groups: v.array(
    v.object({
      counsellor: v.string(),
      zone: Zone,
      minutes: Count,
      place: Place,
      languages: v.array(Language),
      kinds: v.array(VisitorKind),
      purposes: v.array(Purpose),
      ids: v.array(Count),
      /** Minutes since `from`. */
      starts: v.array(Count)
    })
  )
});
export type Week = v.InferOutput<typeof Week>;

/** For a page that has a socket open anyway; a phone is better off with the compressed answer of the path. */
export const bookingWeek = defineCall({
  name: 'booking:week',
  who: 'anyone',
  request: v.strictObject({
    monday: LocalDate,
    kind: v.nullable(VisitorKind),
    language: v.nullable(Language),
    purpose: v.nullable(Purpose),
    place: v.nullable(v.picklist(['chat', 'house', 'drop-in', 'walk', 'named-by-visitor'])),
    counsellor: v.nullable(v.pipe(v.string(), v.maxLength(100)))
  }),
  value: Week,
  refusals: ['not-a-monday', 'too-far']
});
/** The same for everybody, without filters. */
export const bookingWeekPath = '/booking/week/';

const Order = v.strictObject({
  slot: SlotId,
  key: Key,
  /** ticketName of the secret. */
  ticket: Bytes32,
  note: v.nullable(Sealed),
  clip: v.nullable(ShownClip)
});

export const Booked = v.object({ ...FreeSlot.entries, words: Words });
export type Booked = v.InferOutput<typeof Booked>;

const Taken = v.object({
  outcome: v.literal('slot-taken'),
  /** Which of those asked for. */
  slot: SlotId,
  alternatives: v.array(FreeSlot)
});

const noSlot = ['slot-gone', 'slot-past', 'slot-not-for-this'] as const;
const noProof = ['proof-missing', 'proof-refused', 'proof-expired', 'proof-used'] as const;

/** One booking, or a weekly series of up to five with one counsellor: all of them or none. */
export const book = defineCall({
  name: 'booking:book',
  who: 'anyone',
  request: v.strictObject({
    visitor: Visitor,
    purpose: Purpose,
    orders: v.pipe(v.array(Order), v.minLength(1), v.maxLength(longestSeries)),
    /** Where a clip is missing: a proof of work, so that a script does not empty the plan. */
    proof: v.nullable(Proof)
  }),
  value: v.variant('outcome', [
    v.object({ outcome: v.literal('booked'), bookings: v.array(Booked) }),
    Taken
  ]),
  refusals: [
    ...noSlot,
    ...noProof,
    'house-busy',
    'note-too-long',
    'not-a-series',
    'key-reused',
    'ticket-known',
    'clip-missing',
    'clip-spent',
    'clip-already',
    'clip-wrong-holder',
    'clip-wrong-stage',
    'clip-wrong-epoch',
    'clip-wrong-tag',
    'clip-malformed-element',
    'clip-too-many-guesses'
  ]
});

/** How a booking stands. `cancelled-late` and `missed` may have a second try. */
export const BookingState = v.picklist([
  'planned',
  'moved-by-us',
  'cancelled',
  'cancelled-late',
  'cancelled-by-us',
  'checked-in',
  'took-place',
  'missed'
]);
export type BookingState = v.InferOutput<typeof BookingState>;

export const Seen = v.object({
  state: BookingState,
  /** Where it was before the counsellor's side moved it. */
  movedFrom: v.nullable(Time),
  ...FreeSlot.entries,
  /** As they said it when they booked: a ticket on paper does not say. */
  visitor: Visitor,
  purpose: Purpose,
  words: Words,
  hasNote: v.boolean(),
  /** Until when it can be cancelled with the clip free again. */
  freeUntil: Time,
  /** Whether it can be exchanged for another time now. */
  mayMove: v.boolean(),
  /** A time that was missed: until when it can be exchanged, once. */
  secondTryUntil: v.nullable(Time),
  checkIn: v.nullable(v.object({ from: Time, until: Time })),
  /** For a card, once a meeting without a screen has taken place. */
  capability: v.nullable(Capability)
});
export type Seen = v.InferOutput<typeof Seen>;

/** A ticket that is forged is one that nobody has. */
const noTicket = 'unknown-ticket';

export const seeBooking = defineCall({
  name: 'booking:see',
  who: 'anyone',
  request: v.strictObject({ ticket: Ticket }),
  value: Seen,
  refusals: [noTicket]
});

/** Another time with the same ticket and the same clip. Later than the last moment to cancel it counts as a miss. */
export const moveBooking = defineCall({
  name: 'booking:move',
  who: 'anyone',
  request: v.strictObject({ ticket: Ticket, slot: SlotId, key: Key }),
  value: v.variant('outcome', [v.object({ outcome: v.literal('moved'), booking: Booked }), Taken]),
  refusals: [noTicket, ...noSlot, 'not-movable', 'key-reused']
});

/** `clip`: whether the clip is free at once, and can be settled; false when the ticket may still be moved instead, or it counts. */
export const cancelBooking = defineCall({
  name: 'booking:cancel',
  who: 'anyone',
  request: v.strictObject({ ticket: Ticket }),
  value: v.object({ inTime: v.boolean(), clipIsFree: v.boolean() }),
  refusals: [noTicket, 'already-over', 'already-checked-in']
});

/** Takes the place of the note that was there: the device seals all of it anew. */
export const addNote = defineCall({
  name: 'booking:add-note',
  who: 'anyone',
  request: v.strictObject({ ticket: Ticket, note: Sealed }),
  value: Nothing,
  refusals: [noTicket, 'note-too-long', 'already-over']
});

/** "I am here", from ten minutes before until twenty after: a place ahead of the queue. Of two devices the newer wins. */
export const checkIn = defineCall({
  name: 'booking:check-in',
  who: 'anyone',
  request: v.strictObject({ ticket: Ticket }),
  value: v.object({
    conversation: ConversationId,
    capability: Capability,
    /** Null when the counsellor is there already: attach. */
    place: v.nullable(StreetPlace)
  }),
  refusals: [
    noTicket,
    'too-early',
    'too-late',
    'already-over',
    'already-waiting',
    'conversation-closed',
    'not-in-chat'
  ]
});

/** A booking as counsellors see it; the note opens on their device only. */
export const DayBooking = v.object({
  booking: BookingId,
  slot: SlotId,
  start: Time,
  minutes: Count,
  zone: Zone,
  place: Place,
  counsellor: v.string(),
  isMine: v.boolean(),
  state: BookingState,
  kind: VisitorKind,
  age: v.nullable(AgeBand),
  language: Language,
  purpose: Purpose,
  /** What the clip opens that was shown with it; null in a first one. */
  stage: v.nullable(Stage),
  words: Words,
  hasNote: v.boolean()
});
export type DayBooking = v.InferOutput<typeof DayBooking>;

/** For a counsellor their own, and those whose counsellor is no longer there; for a lead all, and no note. */
export const bookingDay = defineCall({
  name: 'booking:day',
  who: ['counsellor', 'lead'],
  request: v.strictObject({
    date: LocalDate,
    /** So many days from that one on; one unless it is said. */
    days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(daysAtOnce)))
  }),
  value: v.object({ bookings: v.array(DayBooking) }),
  refusals: ['no-such-date', 'too-far']
});

export const readNote = defineCall({
  name: 'booking:read-note',
  who: 'counsellor',
  request: v.strictObject({ booking: BookingId }),
  value: v.object({ note: v.nullable(Sealed) }),
  refusals: ['unknown-booking']
});

/** What came of a meeting without a screen; the visitor's device then settles its clip. */
export const markBooking = defineCall({
  name: 'booking:mark',
  who: 'counsellor',
  request: v.strictObject({ booking: BookingId, outcome: v.picklist(['took-place', 'missed']) }),
  value: Nothing,
  refusals: ['unknown-booking', 'too-early', 'already-over']
});
