import * as v from 'valibot';
import { BookingState } from '#shared/booking/calls.ts';
import { Purpose } from '#shared/booking/purpose.ts';
import { dayOf } from '#shared/booking/rules.ts';
import { Stage } from '#shared/klippekort/stage.ts';
import { Visitor } from '#shared/visitor/visitor.ts';
import type { Redis } from '../../redis/connection.ts';
import type {
  Answered,
  BookingChange,
  BookingOrder,
  Bookings,
  StoredBooking
} from '../bookings.ts';
import { bookingsScript } from './bookings-script.ts';
import { clipsScript } from './clips-script.ts';
import type { FreeTurns } from './free-turns.ts';
import type { Log } from './log.ts';
import { slotsScript } from './plan-script.ts';
import { Bytes, Flag, Json, oneOf, readRow, readRows, Text, Whole } from './replies.ts';
import { Steps } from './steps.ts';

const BookingRow = v.object({
  ticket: Bytes,
  slot: Whole,
  seat: v.nullable(Whole),
  state: oneOf(BookingState),
  conversation: Bytes,
  visitor: v.pipe(Json, Visitor),
  purpose: oneOf(Purpose),
  words: Whole,
  stage: v.nullable(oneOf(Stage)),
  hasNote: Flag,
  misses: Whole,
  movedFrom: v.nullable(Whole)
});
const DoneRow = v.object({ request: Bytes, answer: Text });
const Refused = v.picklist(['slot-taken', 'slot-gone', 'slot-past']);
const Answer = v.tupleWithRest([Text], Text);

const toBooking = ({ seat, ...booking }: v.InferOutput<typeof BookingRow>): StoredBooking => ({
  ...booking,
  isSeated: seat !== null
});

/** The bookings' part of the durable Redis: clip, slot and key are claimed in one step. */
export function openBookings(redis: Redis, log: Log, turns: FreeTurns): Bookings {
  const steps = new Steps(redis, clipsScript, slotsScript, bookingsScript);
  return {
    async book(orders, now) {
      const values = orders.flatMap(orderValues);
      const [outcome, ...more] = v.parse(
        Answer,
        await steps.take('book', now, orders.length, ...values)
      );
      if (v.is(Refused, outcome)) return { outcome, slot: Number(more[0]) };
      if (outcome === 'booked') {
        turns.next(orders.map(({ slot }) => slot));
        // The file would still say which were written together.
        if (orders.length > 1) log.writeAnew();
        return { outcome, answers: more };
      }
      const others = v.picklist(['key-reused', 'ticket-known', 'clip-spent', 'clip-already']);
      return { outcome: v.parse(others, outcome) };
    },

    answered: async (key) => readRow(DoneRow, await steps.take('answered', key)),
    find: async (ticket) => one(await steps.take('findBooking', ticket)),
    inConversation: async (conversation) => one(await steps.take('inConversation', conversation)),
    between: async (from, until) =>
      readRows(BookingRow, await steps.look('between', from, until)).map(toBooking),

    async change(changes, { now, done, absence }) {
      const reply = await steps.take(
        'changeBookings',
        now,
        ...(done ? [true, ...answerValues(done)] : [false]),
        ...(absence ? [absence.account, absence.from, absence.until] : [null]),
        changes.length,
        ...changes.flatMap(changeValues)
      );
      const [outcome, slot] = v.parse(Answer, reply);
      if (v.is(Refused, outcome)) return { outcome, slot: Number(slot) };
      const slots = changes.flatMap((one) => [one.was.slot, one.slot]);
      if (outcome === 'changed') turns.next(absence ? null : slots);
      return { outcome: v.parse(v.picklist(['changed', 'stale']), outcome) };
    },

    note: async (ticket) => v.parse(v.nullable(Bytes), await steps.look('note', ticket)),
    putNote: (ticket, note) => steps.isDone('putNote', ticket, note),

    forget: async (until) => {
      await steps.takeAll('forgetSlots', until);
      await steps.takeAll('forgetAnswers', dayOf(until));
      await steps.take('forgetAbsences', until);
      turns.next(null);
      log.writeAnew();
    }
  };
}

function one(reply: unknown): StoredBooking | null {
  const row = readRow(BookingRow, reply);
  return row && toBooking(row);
}

const answerValues = ({ key, request, answer }: Answered) => [key, request, answer];

const orderValues = ({ done, clip, ...order }: BookingOrder) => [
  ...answerValues(done),
  order.ticket,
  order.slot,
  order.conversation,
  JSON.stringify(order.visitor),
  order.purpose,
  order.words,
  order.note,
  ...(clip ? [clip.stage, clip.shown.id, clip.shown.elements, clip.shown.expires] : [null])
];

const changeValues = (change: BookingChange) => [
  change.ticket,
  change.was.state,
  change.was.slot,
  change.was.misses,
  change.state,
  change.misses,
  change.slot,
  change.isSeated,
  change.movedFrom,
  change.clip,
  change.clipDay,
  change.keepsNote
];
