import { randomUUID } from 'node:crypto';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  book,
  bookingDay,
  bookingWeekPath,
  cancelBooking,
  markBooking,
  seeBooking,
  type Week
} from '#shared/booking/calls.ts';
import { readWeek } from '#shared/booking/week.ts';
import { attach, reportTookPlace } from '#shared/conversation/calls.ts';
import { publicKeyOf } from '#shared/crypto/blind-clip.ts';
import { createClipWork } from '#shared/crypto/clip-work.ts';
import { CardHolder } from '#shared/klippekort/card-holder.ts';
import { clipsLeft } from '#shared/klippekort/card.ts';
import { defaultRule } from '#shared/klippekort/rule.ts';
import { clipKeysPath, service, spentListPath } from '#shared/klippekort/service.ts';
import { saveShift, seePlan } from '#shared/plan/calls.ts';
import { takeNext } from '#shared/queue/calls.ts';
import { conversationOfName } from '#server/booking/names.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import {
  aCounsellor,
  aVisitor,
  connect,
  everybodyLeaves,
  join,
  signIn,
  valueOf,
  young,
  type Person
} from '#tests/support/people.ts';
import { aKey, aTicket } from './a-house.ts';

const clock = { at: Date.UTC(2026, 10, 23, 8), now: () => clock.at };
let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ clock });
  // Whoever fetches them first has them made.
  await fetch(app.origin + clipKeysPath);
});
afterEach(() => everybodyLeaves(app));
afterAll(() => app.stop());

/** The keys of the service, as the signed list would give them. */
function clipKeys() {
  const database = new DatabaseSync(joinPath(app.data, 'frirum.sqlite'), { readOnly: true });
  const rows = database.prepare('SELECT epoch, secret FROM clip_key').all();
  database.close();
  return rows
    .map(({ epoch, secret }) => ({
      epoch: Number(epoch),
      publicKey: publicKeyOf(secret as Uint8Array)
    }))
    .filter(({ epoch }) => epoch === 2026);
}

/** A device whose first conversation took place, and its card. */
async function aDevice(): Promise<{ person: Person; holder: CardHolder }> {
  const person = await aVisitor(app);
  const holder = new CardHolder({
    ask: (call, request) => person.ask(call, request),
    keep: async () => {},
    work: createClipWork(),
    service,
    rule: defaultRule,
    keys: clipKeys,
    spentList: async () =>
      new Uint8Array(await (await fetch(app.origin + spentListPath)).arrayBuffer()),
    now: clock.now
  });
  const desk = await aCounsellor(app);
  const first = await join(person);
  const taken = await valueOf(desk.ask(takeNext, {}));
  const counsellor = await connect(app, { cookie: desk.cookie, as: 'staff' });
  await valueOf(person.ask(attach, { capability: first.capability, expected: 1 }));
  await valueOf(counsellor.ask(attach, { capability: taken.capability, expected: 1 }));
  await valueOf(counsellor.ask(reportTookPlace, {}));
  expect(await holder.requestCard(first, 'young-under-18')).toMatchObject({ ok: true });
  return { person, holder };
}

/** An afternoon in the house. */
async function plan(date: string): Promise<void> {
  const lead = await connect(app, { cookie: await signIn(app, 'karen'), as: 'staff' });
  const { counsellors } = await valueOf(lead.ask(seePlan, {}));
  const account = counsellors.find(({ name }) => name === 'Mikkel')?.account ?? '';
  await valueOf(
    lead.ask(saveShift, {
      shift: {
        ...{ id: randomUUID(), account, when: { repeats: 'once', date } },
        ...{ start: '15:00', end: '18:00', zone: 'Europe/Copenhagen' },
        ...{ slotMinutes: 45, pauseMinutes: 15 },
        offer: {
          place: { kind: 'house', address: 'Skolevej 1' },
          languages: ['da'],
          kinds: ['young'],
          purposes: ['conversation'],
          seats: 1
        }
      }
    })
  );
}

test('a clip of the card books, comes back when it is cancelled, and is used when the meeting took place', async () => {
  await plan('2026-11-26');
  const { person, holder } = await aDevice();
  expect(clipsLeft(holder.state)).toBe(4);
  const week = (await (await fetch(`${app.origin}${bookingWeekPath}2026-11-23`)).json()) as Week;
  const [slot] = readWeek(week);
  if (!slot) throw new Error('no slot');

  const bookOnce = async () => {
    const { ticket, name } = aTicket();
    const conversation = conversationOfName(name);
    const capability = 'a'.repeat(40);
    const shown = await holder.prepare({ conversation, capability });
    if (!shown.ok) throw new Error(shown.refusal);
    const order = { slot: slot.slot, key: aKey(), ticket: name, note: null, clip: shown.value };
    const request = { visitor: young, purpose: 'conversation' as const, proof: null };
    return { ticket, order, answer: await person.ask(book, { ...request, orders: [order] }) };
  };

  const one = await bookOnce();
  expect(one.answer).toMatchObject({ ok: true, value: { outcome: 'booked' } });
  // It is to come: nothing to be settled yet.
  expect(await holder.settle()).toEqual({ ok: false, refusal: 'open' });
  expect(await valueOf(person.ask(cancelBooking, { ticket: one.ticket }))).toEqual({
    inTime: true,
    clipIsFree: true
  });
  expect(await holder.settle()).toEqual({ ok: true, value: { outcome: 'did-not' } });
  expect(clipsLeft(holder.state)).toBe(4);

  const two = await bookOnce();
  expect(two.answer).toMatchObject({ ok: true, value: { outcome: 'booked' } });
  // Shown to somebody else's ticket, the same clip is worth nothing.
  const other = { ...two.order, ticket: aTicket().name, key: aKey() };
  const stolen = { visitor: young, purpose: 'conversation' as const, orders: [other], proof: null };
  const free = readWeek(
    (await (await fetch(`${app.origin}${bookingWeekPath}2026-11-23`)).json()) as Week
  );
  const elsewhere = { ...other, slot: free[0]?.slot ?? 0 };
  expect(await person.ask(book, { ...stolen, orders: [elsewhere] })).toEqual({
    ok: false,
    refusal: 'clip-wrong-tag'
  });

  clock.at = slot.start + 3_600_000;
  const desk = await aCounsellor(app);
  const { bookings } = await valueOf(desk.ask(bookingDay, { date: '2026-11-26' }));
  const mine = bookings.find(({ state }) => state === 'planned');
  await valueOf(desk.ask(markBooking, { booking: mine?.booking ?? '', outcome: 'took-place' }));
  expect(await valueOf(person.ask(seeBooking, { ticket: two.ticket }))).toMatchObject({
    state: 'took-place'
  });
  expect(await holder.settle()).toEqual({ ok: true, value: { outcome: 'took-place' } });
  expect(clipsLeft(holder.state)).toBe(3);
});
