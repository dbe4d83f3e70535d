import * as v from 'valibot';
import { BookingId, DayBooking, SlotId } from '../booking/calls.ts';
import { defineCall } from '../wire/define-call.ts';
import { shiftRefusals } from './check-shift.ts';
import { ClosedDays, LocalDate, PlannedShift, Zone } from './planned-shift.ts';

const Time = v.pipe(v.number(), v.integer(), v.minValue(0));
const Id = v.pipe(v.string(), v.uuid());
const AccountId = v.pipe(v.string(), v.maxLength(64));

/** A counsellor as the plan names one. */
const Planned = v.object({ account: v.string(), name: v.string() });

export const seePlan = defineCall({
  name: 'plan:see',
  who: ['counsellor', 'lead'],
  request: v.strictObject({}),
  value: v.object({
    shifts: v.array(PlannedShift),
    closed: v.array(ClosedDays),
    counsellors: v.array(Planned),
    /** Where the house is: new shifts are kept in it. */
    zone: Zone
  }),
  refusals: []
});

/** The slots of a week with who has them, for the calendar: how many seats are taken, never by whom. */
export const seePlannedWeek = defineCall({
  name: 'plan:week',
  who: ['counsellor', 'lead'],
  request: v.strictObject({ monday: LocalDate }),
  value: v.object({
    slots: v.array(
      v.object({
        slot: SlotId,
        shift: v.string(),
        account: v.string(),
        start: Time,
        minutes: v.number(),
        seats: v.number(),
        taken: v.number()
      })
    )
  }),
  refusals: ['not-a-monday', 'too-far']
});

/** A booking that cannot stay, and the nearest time for it: it may be one that only the change makes. */
const Relocated = v.object({
  booking: DayBooking,
  to: v.nullable(v.object({ account: v.string(), start: Time, counsellor: v.string() }))
});

/** `kept`: bookings of the shift that stay where they are. */
const Concerned = v.object({
  outcome: v.literal('bookings-concerned'),
  moves: v.array(Relocated),
  kept: v.number()
});

/**
 * A change that would leave bookings without their slot does nothing: it answers with them and with where
 * they could go. `slots`: how many are offered from now on.
 */
const Changed = v.variant('outcome', [
  v.object({ outcome: v.literal('changed'), slots: v.number() }),
  Concerned
]);

/** A new shift has an id that the page makes; with a known one it takes that one's place. */
export const saveShift = defineCall({
  name: 'plan:save-shift',
  who: 'lead',
  request: v.strictObject({ shift: PlannedShift }),
  value: Changed,
  refusals: [...shiftRefusals, 'unknown-counsellor', 'too-many-shifts']
});

export const removeShift = defineCall({
  name: 'plan:remove-shift',
  who: 'lead',
  request: v.strictObject({ shift: Id }),
  value: Changed,
  refusals: ['unknown-shift']
});

export const closeDays = defineCall({
  name: 'plan:close-days',
  who: 'lead',
  request: v.strictObject({ days: ClosedDays }),
  value: Changed,
  refusals: ['no-such-date', 'end-before-start', 'too-many-days']
});

/** Days are open again; their first day names them. */
export const openDays = defineCall({
  name: 'plan:open-days',
  who: 'lead',
  request: v.strictObject({ from: LocalDate }),
  value: Changed,
  refusals: ['unknown-days']
});

/**
 * The same change with those bookings moved as proposed, or cancelled with their clip free. Where somebody has
 * booked or cancelled since, nothing is changed, and the answer is what could be done now.
 */
export const changeMoving = defineCall({
  name: 'plan:change-moving',
  who: 'lead',
  request: v.strictObject({
    step: v.union([
      v.strictObject({ put: PlannedShift }),
      v.strictObject({ remove: Id }),
      v.strictObject({ close: ClosedDays })
    ]),
    moves: v.pipe(
      v.array(
        v.strictObject({
          booking: BookingId,
          to: v.nullable(v.strictObject({ account: AccountId, start: Time }))
        })
      ),
      v.maxLength(500)
    )
  }),
  value: v.variant('outcome', [
    v.object({
      outcome: v.literal('changed'),
      slots: v.number(),
      moved: v.number(),
      cancelled: v.number()
    }),
    Concerned
  ]),
  refusals: [
    ...shiftRefusals,
    'unknown-counsellor',
    'too-many-shifts',
    'unknown-shift',
    'too-many-days'
  ]
});

/** Where a booking of somebody who is ill goes: null when nobody has a free slot for it. */
const Move = v.strictObject({ booking: BookingId, slot: v.nullable(SlotId) });
const Proposed = v.object({
  booking: DayBooking,
  to: v.nullable(v.object({ slot: SlotId, start: Time, counsellor: v.string() }))
});

/** Bookings of a counsellor who cannot come, each with the nearest free slot of a colleague. Changes nothing. */
export const proposeMoves = defineCall({
  name: 'plan:propose-moves',
  who: 'lead',
  request: v.strictObject({
    account: AccountId,
    from: Time,
    until: Time
  }),
  value: v.object({ moves: v.array(Proposed) }),
  refusals: ['end-before-start', 'too-far']
});

/**
 * All of it at once, or nothing: bookings move, those without a place are cancelled with their clip free,
 * and nobody can book the absent counsellor in that time. `proposal-outdated`: somebody booked in between.
 */
export const moveBookings = defineCall({
  name: 'plan:move-bookings',
  who: 'lead',
  request: v.strictObject({
    account: AccountId,
    from: Time,
    until: Time,
    moves: v.pipe(v.array(Move), v.maxLength(500))
  }),
  value: v.object({ moved: v.number(), cancelled: v.number() }),
  refusals: ['end-before-start', 'too-far', 'proposal-outdated']
});
