import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { BookingState } from '#shared/booking/calls.ts';
import { Purpose } from '#shared/booking/purpose.ts';
import { dayOf } from '#shared/booking/rules.ts';
import { Stage } from '#shared/klippekort/stage.ts';
import { Visitor } from '#shared/visitor/visitor.ts';
import type {
  Answered,
  BookingChange,
  BookingOrder,
  Bookings,
  BookOutcome,
  ChangeOutcome,
  SlotRefusal,
  StoredBooking
} from './bookings.ts';
import type { ClipSteps } from './embedded-clips.ts';
import type { Turns } from './embedded-plan.ts';
import { atOnce } from './open-file.ts';

const Bytes = v.instance(Uint8Array);
const BookingRow = v.object({
  ticket: Bytes,
  slot: v.number(),
  seat: v.nullable(v.number()),
  state: BookingState,
  conversation: Bytes,
  visitor: v.string(),
  purpose: Purpose,
  words: v.number(),
  stage: v.nullable(Stage),
  hasNote: v.number(),
  misses: v.number(),
  movedFrom: v.nullable(v.number())
});
const SlotRow = v.object({ start: v.number(), seats: v.number(), open: v.number() });
const SeatRow = v.object({ seat: v.number() });
const DoneRow = v.object({ request: Bytes, answer: v.string() });
const NoteRow = v.object({ note: v.nullable(Bytes) });

const columns = `ticket, slot, seat, state, conversation, visitor, purpose, words, stage,
   note IS NOT NULL AS hasNote, misses, moved_from AS movedFrom FROM booking`;

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** Undoes what was begun, and says why. */
class Undone<Outcome> extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super('undone');
    this.outcome = outcome;
  }
}

/** The bookings' part of the SQLite file. Clip and slot are claimed in one transaction. */
export function openBookings(database: DatabaseSync, clips: ClipSteps, turns: Turns): Bookings {
  const slotWith = database.prepare('SELECT start, seats, open FROM slot WHERE id = ?');
  const seatsOf = database.prepare(
    'SELECT seat FROM booking WHERE slot = ? AND seat IS NOT NULL ORDER BY seat'
  );
  const add = database.prepare(
    'INSERT INTO booking VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL)'
  );
  const withTicket = database.prepare(`SELECT ${columns} WHERE ticket = ?`);
  const withConversation = database.prepare(`SELECT ${columns} WHERE conversation = ?`);
  const startingIn = database.prepare(
    `SELECT ${columns} WHERE slot IN (SELECT id FROM slot WHERE start >= ? AND start < ?)`
  );
  const letGo = database.prepare('UPDATE booking SET seat = NULL WHERE ticket = ?');
  const put = database.prepare(
    `UPDATE booking SET slot = ?, seat = ?, state = ?, misses = ?, moved_from = ?,
       note = CASE WHEN ? THEN note END WHERE ticket = ?`
  );
  const noteOf = database.prepare('SELECT note FROM booking WHERE ticket = ?');
  const setNote = database.prepare('UPDATE booking SET note = ? WHERE ticket = ?');
  const doneWith = database.prepare('SELECT request, answer FROM booking_done WHERE key = ?');
  const addDone = database.prepare('INSERT INTO booking_done VALUES (?, ?, ?, ?)');
  const addAbsence = database.prepare('INSERT OR REPLACE INTO absence VALUES (?, ?, ?)');
  const shutAbsent = database.prepare(
    'UPDATE slot SET open = 0 WHERE account = ? AND start >= ? AND start < ?'
  );
  const forgetting = [
    'DELETE FROM booking WHERE slot IN (SELECT id FROM slot WHERE start < ?)',
    'DELETE FROM slot WHERE start < ? AND NOT EXISTS (SELECT 1 FROM booking WHERE slot = slot.id)',
    'DELETE FROM absence WHERE until_time < ?'
  ].map((statement) => database.prepare(statement));
  const forgetDone = database.prepare('DELETE FROM booking_done WHERE day < ?');

  const slotStart = (slot: number): number => v.parse(SlotRow, slotWith.get(slot)).start;

  /** A seat of a slot that can be had now. */
  const seatIn = (slot: number, now: number): number | SlotRefusal => {
    const row = slotWith.get(slot);
    if (row === undefined) return 'slot-gone';
    const { start, seats, open } = v.parse(SlotRow, row);
    if (open === 0) return 'slot-gone';
    if (start <= now) return 'slot-past';
    const taken = v.parse(v.array(SeatRow), seatsOf.all(slot)).map(({ seat }) => seat);
    for (let seat = 0; seat < seats; seat += 1) if (!taken.includes(seat)) return seat;
    return 'slot-taken';
  };

  /** What a key was answered; false when it was asked something else with it. */
  const known = ({ key, request }: Answered): string | null | false => {
    const row = doneWith.get(key);
    if (row === undefined) return null;
    const done = v.parse(DoneRow, row);
    return isSame(done.request, request) && done.answer;
  };

  const keep = ({ key, request, answer }: Answered, start: number): void => {
    addDone.run(key, request, answer, dayOf(start));
  };

  const bookOne = (order: BookingOrder, now: number): string => {
    const refuse = (outcome: BookOutcome) => new Undone<BookOutcome>(outcome);
    const { ticket, slot, conversation, clip, done } = order;
    const seat = seatIn(slot, now);
    if (typeof seat === 'string') throw refuse({ outcome: seat, slot });
    if (withTicket.get(ticket) !== undefined) throw refuse({ outcome: 'ticket-known' });
    const start = slotStart(slot);
    if (clip) {
      const link = { conversation, decides: clip.stage === 'pending', day: dayOf(start) };
      const held = clips.hold(clip.shown, link);
      if (held !== 'held') throw refuse({ outcome: `clip-${held}` });
    }
    const visitor = JSON.stringify(order.visitor);
    const { purpose, words, note } = order;
    add.run(
      ticket,
      slot,
      seat,
      'planned',
      conversation,
      visitor,
      purpose,
      words,
      clip?.stage ?? null,
      note
    );
    keep(done, start);
    return done.answer;
  };

  const changeOne = (change: BookingChange, now: number): void => {
    const { ticket, slot, clip, clipDay, state, misses, movedFrom, keepsNote } = change;
    const before = find(ticket);
    const isTheSame = before?.isSeated === true && before.slot === slot;
    let seat: number | null = null;
    if (change.isSeated) {
      const found = isTheSame ? null : seatIn(slot, now);
      if (typeof found === 'string') throw new Undone<ChangeOutcome>({ outcome: found, slot });
      seat = found ?? seatOf(ticket);
    }
    put.run(slot, seat, state, misses, movedFrom, keepsNote ? 1 : 0, ticket);
    if (!before) return;
    if (clip) clips.settleFor(before.conversation, clip);
    else if (clipDay !== null) clips.keepUntil(before.conversation, clipDay);
  };

  const find = (ticket: Uint8Array): StoredBooking | null => toBooking(withTicket.get(ticket));
  const seatOf = (ticket: Uint8Array): number | null =>
    v.parse(BookingRow, withTicket.get(ticket)).seat;

  const undoable = <Outcome>(change: () => Outcome): Outcome => {
    try {
      const outcome = atOnce(database, change);
      turns.turn += 1;
      return outcome;
    } catch (error) {
      if (error instanceof Undone) return error.outcome as Outcome;
      throw error;
    }
  };

  return {
    async book(orders, now) {
      // A slot that is gone is answered without the lock: the last one free is asked for by many at once.
      for (const { slot, done } of orders) {
        const seat = doneWith.get(done.key) === undefined ? seatIn(slot, now) : 0;
        if (typeof seat === 'string') return { outcome: seat, slot };
      }
      const booked = undoable<BookOutcome>(() => {
        const before = orders.map(({ done }) => known(done));
        if (before.includes(false)) return { outcome: 'key-reused' };
        const answers = before.filter((answer) => typeof answer === 'string');
        if (answers.length === orders.length) return { outcome: 'booked', answers };
        // All or none of a series is known: a part of one is another request.
        if (answers.length > 0) return { outcome: 'key-reused' };
        return { outcome: 'booked', answers: orders.map((order) => bookOne(order, now)) };
      });
      // The log would still say which were written together.
      if (orders.length > 1) database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return booked;
    },

    answered: async (key) => {
      const row = doneWith.get(key);
      return row === undefined ? null : v.parse(DoneRow, row);
    },
    find: async (ticket) => find(ticket),
    inConversation: async (conversation) => toBooking(withConversation.get(conversation)),
    between: async (from, until) =>
      startingIn.all(from, until).flatMap((row) => toBooking(row) ?? []),

    change: async (changes, { now, done, absence }) =>
      undoable<ChangeOutcome>(() => {
        if (done && known(done) !== null) return { outcome: 'stale' };
        for (const { ticket, was } of changes) {
          const is = find(ticket);
          if (is?.state !== was.state || is.slot !== was.slot || is.misses !== was.misses)
            return { outcome: 'stale' };
        }
        for (const { ticket, was, slot, isSeated } of changes)
          if (!isSeated || slot !== was.slot) letGo.run(ticket);
        if (absence) {
          turns.plan += 1;
          addAbsence.run(absence.account, absence.from, absence.until);
          shutAbsent.run(absence.account, absence.from, absence.until);
        }
        for (const change of changes) changeOne(change, now);
        const [first] = changes;
        if (done && first) keep(done, slotStart(first.slot));
        return { outcome: 'changed' };
      }),

    note: async (ticket) => {
      const row = noteOf.get(ticket);
      return row === undefined ? null : v.parse(NoteRow, row).note;
    },
    putNote: async (ticket, note) => Number(setNote.run(note, ticket).changes) > 0,

    forget: async (until) => {
      atOnce(database, () => {
        for (const statement of forgetting) statement.run(until);
        forgetDone.run(dayOf(until));
      });
      turns.turn += 1;
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    }
  };
}

function toBooking(row: unknown): StoredBooking | null {
  if (row === undefined) return null;
  const { seat, visitor, hasNote, ...booking } = v.parse(BookingRow, row);
  return {
    ...booking,
    isSeated: seat !== null,
    visitor: v.parse(Visitor, JSON.parse(visitor)),
    hasNote: hasNote === 1
  };
}
