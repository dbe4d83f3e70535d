import { afterEach, beforeEach, expect, test } from 'vitest';
import { book, cancelBooking, seeBooking } from '#shared/booking/calls.ts';
import { changeMoving, closeDays, removeShift, saveShift, seePlan } from '#shared/plan/calls.ts';
import type { PlannedShift } from '#shared/plan/planned-shift.ts';
import type { Call, RequestOf, ValueOf } from '#shared/wire/define-call.ts';
import { AHouse, aKey, aShownClip, aTicket, day, tuesdays, young } from '../booking/a-house.ts';

let house: AHouse;
let sofie: string;
let mikkel: string;
let shift: PlannedShift;
beforeEach(async () => {
  house = await AHouse.open();
  sofie = await house.counsellor('Sofie');
  mikkel = await house.counsellor('Mikkel');
  shift = tuesdays(sofie);
  await answered(saveShift, { shift });
});
afterEach(() => house.stop());

async function answered<C extends Call>(call: C, request: RequestOf<C>): Promise<ValueOf<C>> {
  const answer = await house.ask(call, request);
  if (!answer.ok) throw new Error(answer.refusal);
  return answer.value;
}

const free = async () => house.booking.office.free.all();
const freeOf = async (account: string) => (await free()).filter((one) => one.account === account);

/** Books Sofie's time that comes so many places after the first free one. @returns the ticket */
async function booked(place = 0): Promise<string> {
  const slot = (await freeOf(sofie))[place]?.id ?? 0;
  const { ticket, name } = aTicket();
  const order = { slot, key: aKey(), ticket: name, note: null, clip: aShownClip() };
  const request = {
    visitor: young,
    purpose: 'conversation' as const,
    orders: [order],
    proof: null
  };
  expect(await answered(book, request)).toMatchObject({ outcome: 'booked' });
  return ticket;
}

const see = (ticket: string) => answered(seeBooking, { ticket });
type Step = RequestOf<typeof changeMoving>['step'];

/** What the house proposes when it is asked for a change that somebody's booking stands in the way of. */
async function proposed(step: Step) {
  const answer =
    'put' in step
      ? await answered(saveShift, { shift: step.put })
      : 'remove' in step
        ? await answered(removeShift, { shift: step.remove })
        : await answered(closeDays, { days: step.close });
  if (answer.outcome !== 'bookings-concerned') throw new Error(answer.outcome);
  const moves = answer.moves.map(({ booking, to }) => ({
    booking: booking.booking,
    to: to && { account: to.account, start: to.start }
  }));
  return { ...answer, step, apply: { step, moves } };
}

test('a shift that begins half an hour later: who has booked comes half an hour later', async () => {
  const tickets = [await booked(), await booked()];
  const before = await Promise.all(tickets.map(see));
  await answered(saveShift, { shift: tuesdays(mikkel) });
  const { moves, kept, apply } = await proposed({
    put: { ...shift, start: '15:30', end: '18:30' }
  });
  expect(kept).toBe(0);
  expect(moves.map(({ to }) => to?.counsellor)).toEqual(['Sofie', 'Sofie']);
  // Nothing is changed by a proposal.
  expect(await Promise.all(tickets.map(see))).toEqual(before);

  expect(await answered(changeMoving, apply)).toMatchObject({
    ...{ outcome: 'changed', moved: 2, cancelled: 0 }
  });
  for (const [at, ticket] of tickets.entries())
    expect(await see(ticket)).toMatchObject({
      state: 'moved-by-us',
      movedFrom: before[at]?.start,
      start: (before[at]?.start ?? 0) + 30 * 60_000,
      counsellor: 'Sofie'
    });
  expect((await answered(seePlan, {})).shifts.map(({ start }) => start).toSorted()).toEqual([
    '15:00',
    '15:30'
  ]);
  // No time of the old shift is left, and none is there twice.
  const starts = (await freeOf(sofie)).map(({ start }) => start);
  expect(starts.every((start) => new Date(start).getUTCMinutes() === 30)).toBe(true);
  expect(new Set(starts).size).toBe(starts.length);
  await house.plan.extend();
  expect((await freeOf(sofie)).map(({ start }) => start)).toEqual(starts);
});

test('a shift that ends earlier keeps who can stay, and says how many', async () => {
  await booked(0);
  const last = await booked(1);
  const lost = await see(last);
  const { moves, kept, apply } = await proposed({ put: { ...shift, end: '16:00' } });
  expect(kept).toBe(1);
  expect(moves).toHaveLength(1);
  // With Sofie again, a week later: the nearest that is left.
  expect(moves[0]?.to).toMatchObject({ counsellor: 'Sofie' });
  await answered(changeMoving, apply);
  expect((await see(last)).start).toBeGreaterThan(lost.start + 5 * day);
});

test('a shift is removed: a colleague takes over what fits, and who has no place is told', async () => {
  const tickets = [await booked(), await booked()];
  await answered(saveShift, {
    shift: tuesdays(mikkel, { when: { repeats: 'once', date: '2026-11-24' }, end: '16:00' })
  });
  const { apply } = await proposed({ remove: shift.id });
  expect(await answered(changeMoving, apply)).toEqual({
    ...{ outcome: 'changed', slots: 0, moved: 1, cancelled: 1 }
  });
  expect((await Promise.all(tickets.map(see))).map(({ state }) => state)).toEqual([
    'moved-by-us',
    'cancelled-by-us'
  ]);
  expect(await freeOf(sofie)).toEqual([]);
});

test('days are closed: their bookings come another day', async () => {
  const ticket = await booked();
  const { apply } = await proposed({
    close: { from: '2026-11-24', until: '2026-11-24', name: 'Kursus' }
  });
  expect(await answered(changeMoving, apply)).toMatchObject({ outcome: 'changed', moved: 1 });
  expect((await see(ticket)).start).toBeGreaterThan(house.now + 6 * day);
});

test('what has become stale changes nothing, and is answered with what could be done now', async () => {
  const stays = await booked();
  const leaves = await booked();
  const step = { put: { ...shift, start: '15:30', end: '18:30' } };
  const { apply } = await proposed(step);
  await answered(cancelBooking, { ticket: leaves });
  const before = await see(stays);
  const slots = await free();
  const again = await answered(changeMoving, apply);
  expect(again).toMatchObject({ outcome: 'bookings-concerned', moves: [{ booking: {} }] });
  expect(await see(stays)).toEqual(before);
  expect((await free()).map(({ start }) => start)).toEqual(slots.map(({ start }) => start));

  // A place that is none, or somebody else's: the same.
  const [move] = apply.moves;
  for (const to of [
    { account: mikkel, start: before.start },
    { account: sofie, start: before.start },
    { account: sofie, start: before.start + 60_000 }
  ])
    expect(
      await answered(changeMoving, { step, moves: [{ booking: move?.booking ?? '', to }] })
    ).toMatchObject({ outcome: 'bookings-concerned' });
  expect(await see(stays)).toEqual(before);

  // Everybody cancelled: there is nobody to move.
  await answered(cancelBooking, { ticket: stays });
  expect(await answered(changeMoving, apply)).toMatchObject({ outcome: 'changed', moved: 0 });
});

test('what the rules refuse is refused here as well, by the same names', async () => {
  const refusalOf = async (step: Step) => {
    const answer = await house.ask(changeMoving, { step, moves: [] });
    return answer.ok ? null : answer.refusal;
  };
  expect(await refusalOf({ put: { ...shift, end: '14:00' } })).toBe('end-before-start');
  expect(await refusalOf({ put: { ...shift, account: 'nobody' } })).toBe('unknown-counsellor');
  expect(await refusalOf({ remove: crypto.randomUUID() })).toBe('unknown-shift');
  expect(await refusalOf({ close: { from: '2026-12-02', until: '2026-12-01', name: '' } })).toBe(
    'end-before-start'
  );
});
