import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  book,
  bookingDay,
  bookingWeekPath,
  checkIn,
  seeBooking,
  type Week
} from '#shared/booking/calls.ts';
import { readWeek } from '#shared/booking/week.ts';
import { attach, endConversation, reportTookPlace } from '#shared/conversation/calls.ts';
import { saveShift, seePlan } from '#shared/plan/calls.ts';
import { returnToQueue, takeNext, waitsElsewhere } from '#shared/queue/calls.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import {
  aCounsellor,
  aProof,
  aVisitor,
  connect,
  everybodyLeaves,
  join,
  signIn,
  valueOf,
  young
} from '#tests/support/people.ts';
import { aKey, aTicket } from './a-house.ts';

const clock = { at: Date.UTC(2026, 10, 23, 8), now: () => clock.at };
let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterEach(() => everybodyLeaves(app));
afterAll(() => app.stop());

/** A lead plans an afternoon of one counsellor. */
async function plan(name: string, date: string): Promise<void> {
  const lead = await connect(app, { cookie: await signIn(app, 'karen'), as: 'staff' });
  const { counsellors } = await valueOf(lead.ask(seePlan, {}));
  const account = counsellors.find((one) => one.name.toLowerCase() === name)?.account ?? '';
  const planned = await valueOf(
    lead.ask(saveShift, {
      shift: {
        ...{ id: randomUUID(), account, when: { repeats: 'once', date } },
        ...{ start: '15:00', end: '18:00', zone: 'Europe/Copenhagen' },
        ...{ slotMinutes: 45, pauseMinutes: 15 },
        offer: {
          place: { kind: 'chat' },
          languages: ['da'],
          kinds: ['young'],
          purposes: ['conversation'],
          seats: 1
        }
      }
    })
  );
  expect(planned).toMatchObject({ outcome: 'changed' });
}

test('who has booked comes ahead of the queue, to the counsellor who was chosen, into a conversation', async () => {
  await plan('mikkel', '2026-11-24');
  const response = await fetch(`${app.origin}${bookingWeekPath}2026-11-23`);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('set-cookie')).toBeNull();
  const [slot] = readWeek((await response.json()) as Week);
  if (!slot) throw new Error('no slot');
  expect(slot.counsellor.toLowerCase()).toBe('mikkel');

  const device = await aVisitor(app);
  const { ticket, name } = aTicket();
  const order = { slot: slot.slot, key: aKey(), ticket: name, note: null, clip: null };
  const proof = await aProof(device);
  const asked = { visitor: young, purpose: 'conversation' as const, orders: [order], proof };
  const booked = await valueOf(device.ask(book, asked));
  expect(booked.outcome).toBe('booked');
  // The answer was lost: the same again, although its proof is used up.
  expect(await valueOf(device.ask(book, asked))).toEqual(booked);
  device.leave();

  clock.at = slot.start - 5 * 60_000;
  const sofie = await aCounsellor(app, 'sofie');
  const mikkel = await aCounsellor(app, 'mikkel');
  const waits = await aVisitor(app);
  const first = await join(waits);
  const visitor = await aVisitor(app);
  const here = await valueOf(visitor.ask(checkIn, { ticket }));
  expect(here.place).toMatchObject({ place: 1 });
  const { bookings } = await valueOf(mikkel.ask(bookingDay, { date: '2026-11-24' }));
  expect(bookings).toMatchObject([{ state: 'checked-in', isMine: true }]);

  // Mikkel is on shift: Sofie is given the one who waits without a booking.
  const hers = await valueOf(sofie.ask(takeNext, {}));
  expect(hers.conversation).toBe(first.conversation);
  const his = await valueOf(mikkel.ask(takeNext, {}));
  expect(his.conversation).toBe(here.conversation);

  const desk = await connect(app, { cookie: mikkel.cookie, as: 'staff' });
  await valueOf(visitor.ask(attach, { capability: here.capability, expected: 1 }));
  await valueOf(desk.ask(attach, { capability: his.capability, expected: 1 }));
  // A second device comes into the same conversation, not into the queue.
  const second = await aVisitor(app);
  expect(await valueOf(second.ask(checkIn, { ticket }))).toMatchObject({ place: null });
  await valueOf(desk.ask(reportTookPlace, {}));
  await valueOf(visitor.ask(endConversation, {}));
  await expect
    .poll(async () => (await valueOf(second.ask(seeBooking, { ticket }))).state)
    .toBe('took-place');
  expect(await second.ask(checkIn, { ticket })).toEqual({ ok: false, refusal: 'already-over' });
});

test('whose counsellor is not there is taken by a colleague, ahead of the others', async () => {
  await plan('mikkel', '2026-11-26');
  const device = await aVisitor(app);
  const response = await fetch(`${app.origin}${bookingWeekPath}2026-11-23`);
  const slot = readWeek((await response.json()) as Week).at(-1);
  if (!slot) throw new Error('no slot');
  const { ticket, name } = aTicket();
  const order = { slot: slot.slot, key: aKey(), ticket: name, note: null, clip: null };
  const proof = await aProof(device);
  await valueOf(
    device.ask(book, { visitor: young, purpose: 'conversation', orders: [order], proof })
  );
  clock.at = slot.start;
  const sofie = await aCounsellor(app, 'sofie');
  const waits = await aVisitor(app);
  await join(waits);
  const here = await valueOf(device.ask(checkIn, { ticket }));
  expect((await valueOf(sofie.ask(takeNext, {}))).conversation).toBe(here.conversation);
});

test('of two devices with one ticket the newer waits, and the older does not take the place back', async () => {
  await plan('sofie', '2026-11-27');
  const device = await aVisitor(app);
  const response = await fetch(`${app.origin}${bookingWeekPath}2026-11-23`);
  const slot = readWeek((await response.json()) as Week).at(-1);
  if (!slot) throw new Error('no slot');
  const { ticket, name } = aTicket();
  const order = { slot: slot.slot, key: aKey(), ticket: name, note: null, clip: null };
  const proof = await aProof(device);
  await valueOf(
    device.ask(book, { visitor: young, purpose: 'conversation', orders: [order], proof })
  );
  clock.at = slot.start;
  const older = await valueOf(device.ask(checkIn, { ticket }));
  const told = device.hears(waitsElsewhere.name);
  clock.at += 2000;
  const second = await aVisitor(app);
  const newer = await valueOf(second.ask(checkIn, { ticket }));
  await told;
  const again = await aVisitor(app);
  expect(await again.ask(returnToQueue, { capability: older.capability })).toEqual({
    ok: false,
    refusal: 'waits-elsewhere'
  });
  // Back after a lost line, the newer one still has the place, and still comes first.
  expect(await valueOf(again.ask(returnToQueue, { capability: newer.capability }))).toMatchObject({
    state: 'waiting',
    place: 1
  });
});

test('a visitor can change no plan, and a counsellor none either', async () => {
  const visitor = await aVisitor(app);
  const desk = await aCounsellor(app, 'sofie');
  for (const person of [visitor, desk])
    expect(await person.ask(saveShift, {} as never)).toEqual({ ok: false, refusal: 'not-allowed' });
  expect(await visitor.ask(bookingDay, { date: '2026-11-24' })).toEqual({
    ok: false,
    refusal: 'not-allowed'
  });
});
