import { expect } from 'vitest';
import { book } from '#shared/booking/calls.ts';
import { saveShift } from '#shared/plan/calls.ts';
import { aKey, aShownClip, aTicket, day, tuesdays, young, type AHouse } from './a-house.ts';

/** So many weekly slots, booked as one. */
export async function aSeries(house: AHouse, many: number) {
  await house.ask(saveShift, { shift: tuesdays(await house.counsellor('Sofie')) });
  const all = await house.booking.office.free.all();
  const weekly = all.filter(({ start }) => (start - (all[0]?.start ?? 0)) % (7 * day) === 0);
  const tickets = weekly.slice(0, many).map(({ id }) => ({ slot: id, ...aTicket(), key: aKey() }));
  const clips = tickets.map(() => aShownClip());
  const answer = await house.ask(book, {
    visitor: young,
    purpose: 'conversation',
    orders: tickets.map(({ slot, name, key }, at) => ({
      ...{ slot, key, ticket: name, note: null },
      clip: clips[at] ?? null
    })),
    proof: null
  });
  expect(answer).toMatchObject({ ok: true, value: { outcome: 'booked' } });
  return { tickets, clips };
}

/** Said of everybody of a kind, or by the plan: no number, hash or time that is somebody's. */
export const common: ReadonlySet<string> = new Set([
  'seat',
  'state',
  'visitor',
  'purpose',
  'stage',
  'note',
  'misses',
  'moved_from',
  'seats',
  'minutes',
  'shift',
  'account',
  'offer',
  'open',
  'expires',
  'decides',
  'elements_null'
]);
