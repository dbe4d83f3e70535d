import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { ClosedDays, Offer, PlannedShift, Zone } from '#shared/plan/planned-shift.ts';
import { atOnce } from './open-file.ts';
import type { Absence, Plan, PlanStep, SlotOffer, StoredSlot, WantedSlot } from './plan.ts';

const Body = v.object({ body: v.string() });
const SlotOfferSchema = v.object({ ...Offer.entries, zone: Zone });
const SlotRow = v.object({
  id: v.number(),
  shift: v.string(),
  account: v.string(),
  counsellor: v.string(),
  start: v.number(),
  minutes: v.number(),
  offer: v.string(),
  taken: v.number(),
  open: v.number()
});
const AbsenceRow = v.object({ account: v.string(), from: v.number(), until: v.number() });

const slotColumns = `slot.id, shift, account, coalesce(account.shown_name, '') AS counsellor, start, minutes,
   offer, open, (SELECT count(seat) FROM booking WHERE booking.slot = slot.id) AS taken
   FROM slot LEFT JOIN account ON account.id = slot.account`;

/** Counts every change of what is free; shared with the bookings of the same file. */
export interface Turns {
  turn: number;
  /** Changes of shifts, closed days and absences. */
  plan: number;
}

/** The plan's part of the SQLite file. */
export function openPlan(database: DatabaseSync, turns: Turns): Plan {
  const allShifts = database.prepare('SELECT body FROM planned_shift ORDER BY id');
  const putShift = database.prepare(
    'INSERT INTO planned_shift VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body'
  );
  const removeShift = database.prepare('DELETE FROM planned_shift WHERE id = ?');
  const allClosed = database.prepare('SELECT body FROM closed_days ORDER BY first');
  const putClosed = database.prepare(
    'INSERT INTO closed_days VALUES (?, ?) ON CONFLICT (first) DO UPDATE SET body = excluded.body'
  );
  const removeClosed = database.prepare('DELETE FROM closed_days WHERE first = ?');
  const allAbsences = database.prepare(
    'SELECT account, from_time AS "from", until_time AS until FROM absence'
  );
  const staff = database.prepare(
    "SELECT id AS account, shown_name AS name FROM account WHERE role = 'counsellor' AND state <> 'suspended' ORDER BY shown_name"
  );
  const slotsIn = database.prepare(
    `SELECT ${slotColumns} WHERE start >= ? AND start < ? AND open = 1 ORDER BY start, slot.id`
  );
  const slotWith = database.prepare(`SELECT ${slotColumns} WHERE slot.id = ?`);
  const slotsAfter = database.prepare(`SELECT ${slotColumns} WHERE start > ?`);
  const slotsAfterOf = database.prepare(
    `SELECT ${slotColumns} WHERE slot.account = ? AND start > ?`
  );
  const addSlot = database.prepare(
    `INSERT INTO slot (shift, account, start, minutes, seats, offer, open) VALUES (?, ?, ?, ?, ?, ?, 1)
     ON CONFLICT (account, start) DO UPDATE SET shift = excluded.shift, minutes = excluded.minutes,
       seats = excluded.seats, offer = excluded.offer, open = 1`
  );
  const dropSlot = database.prepare(
    'DELETE FROM slot WHERE id = ? AND NOT EXISTS (SELECT 1 FROM booking WHERE booking.slot = slot.id)'
  );
  const shutSlot = database.prepare('UPDATE slot SET open = 0 WHERE id = ?');

  const offers = new Map<string, SlotOffer>();
  const offerOf = (text: string): SlotOffer => {
    const known = offers.get(text);
    if (known) return known;
    if (offers.size > 10_000) offers.clear();
    const offer = v.parse(SlotOfferSchema, JSON.parse(text));
    offers.set(text, offer);
    return offer;
  };
  const toSlot = (row: unknown): StoredSlot => {
    const { open, offer, ...slot } = v.parse(SlotRow, row);
    return { ...slot, offer: offerOf(offer), isOpen: open === 1 };
  };

  const take = (step: PlanStep): void => {
    if ('put' in step) putShift.run(step.put.id, JSON.stringify(step.put));
    if ('remove' in step) removeShift.run(step.remove);
    if ('close' in step) putClosed.run(step.close.from, JSON.stringify(step.close));
    if ('open' in step) removeClosed.run(step.open);
  };

  /** Makes the slots what the plan says. @returns the booked slots that stand in the way */
  const sync = (
    of: readonly string[] | null,
    wanted: readonly WantedSlot[],
    now: number
  ): number[] => {
    const nameOf = ({ account, start }: WantedSlot) => `${start} ${account}`;
    const missing = new Map(wanted.map((one) => [nameOf(one), one]));
    const concerned: number[] = [];
    const rows = of
      ? [...new Set(of)].flatMap((account) => slotsAfterOf.all(account, now))
      : slotsAfter.all(now);
    for (const row of rows) {
      const slot = toSlot(row);
      const wants = missing.get(nameOf(slot));
      if (wants && (slot.taken === 0 || isSameMeeting(slot, wants))) {
        if (slot.isOpen && isSame(slot, wants)) missing.delete(nameOf(slot));
        continue;
      }
      missing.delete(nameOf(slot));
      if (slot.taken > 0) concerned.push(slot.id);
      else if (dropSlot.run(slot.id).changes === 0) shutSlot.run(slot.id);
    }
    for (const { shift, account, start, minutes, offer } of missing.values())
      addSlot.run(shift, account, start, minutes, offer.seats, JSON.stringify(offer));
    return concerned;
  };

  return {
    shifts: async () => bodies(allShifts.all()).map((body) => v.parse(PlannedShift, body)),
    closed: async () => bodies(allClosed.all()).map((body) => v.parse(ClosedDays, body)),
    absences: async () => v.parse(v.array(AbsenceRow), allAbsences.all()) satisfies Absence[],
    counsellors: async () =>
      v.parse(v.array(v.object({ account: v.string(), name: v.string() })), staff.all()),

    async change(step, of, wanted, now, seen = turns.plan) {
      if (seen !== turns.plan) return { isStale: true };
      try {
        atOnce(database, () => {
          take(step);
          const concerned = sync(of, wanted, now);
          if (concerned.length > 0 && !('extend' in step)) throw new Concerned(concerned);
        });
      } catch (error) {
        if (error instanceof Concerned) return { concerned: error.slots };
        throw error;
      }
      turns.turn += 1;
      if (!('extend' in step)) turns.plan += 1;
      return { slots: wanted.length };
    },

    turn: async () => turns.plan,
    slots: async (from, until) => slotsIn.all(from, until).map(toSlot),
    slot: async (id) => {
      const row = slotWith.get(id);
      return row === undefined ? null : toSlot(row);
    },
    these: async (ids) =>
      ids.flatMap((id) => {
        const row = slotWith.get(id);
        return row === undefined ? [] : [toSlot(row)];
      }),
    version: () => turns.turn
  };
}

/** Undoes what was begun. */
class Concerned extends Error {
  readonly slots: readonly number[];

  constructor(slots: readonly number[]) {
    super('booked slots stand in the way');
    this.slots = slots;
  }
}

const bodies = (rows: unknown): unknown[] =>
  v.parse(v.array(Body), rows).map(({ body }) => JSON.parse(body));

const isSame = (one: WantedSlot, other: WantedSlot): boolean =>
  one.shift === other.shift &&
  one.minutes === other.minutes &&
  JSON.stringify(one.offer) === JSON.stringify(other.offer);

/** Whether who has booked it would still come to the right place for as long. */
const isSameMeeting = (slot: StoredSlot, wants: WantedSlot): boolean =>
  slot.minutes === wants.minutes &&
  wants.offer.seats >= slot.taken &&
  JSON.stringify(slot.offer.place) === JSON.stringify(wants.offer.place);
