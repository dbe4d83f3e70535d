import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayOf } from '#shared/booking/rules.ts';
import type { Offer } from '#shared/plan/planned-shift.ts';
import type { BookingChange, BookingOrder } from '#server/store/durable/bookings.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import type { WantedSlot } from '#server/store/durable/plan.ts';
import { openDurable } from '#tests/support/durable.ts';
import { hour, tuesdays, young } from './a-house.ts';

const now = Date.UTC(2026, 10, 23, 8);
const bytes = (many = 32) => new Uint8Array(randomBytes(many));
const account = randomUUID();

let folder: string;
let store: Durable;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'frirum-booking-store-'));
  store = await openDurable(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const wanted = (start: number, change: Partial<Offer> = {}, of = account): WantedSlot => ({
  ...{ shift: 's', account: of, start, minutes: 45 },
  offer: { ...tuesdays(of).offer, zone: 'Europe/Copenhagen', ...change }
});
const slotsAt = async () =>
  (await store.plan.slots(0, Number.MAX_SAFE_INTEGER)).map(({ id }) => id);
/** Slots one hour after the other, with so many seats. */
async function planned(many: number, seats = 1): Promise<number[]> {
  const slots = Array.from({ length: many }, (_, at) => wanted(now + (at + 1) * hour, { seats }));
  await store.plan.change({ extend: true }, null, slots, now);
  return slotsAt();
}

const anOrder = (slot: number, change: Partial<BookingOrder> = {}): BookingOrder => ({
  ...{ ticket: bytes(), slot, conversation: bytes(), visitor: young, purpose: 'conversation' },
  ...{ words: 1, note: null, clip: null },
  done: { key: bytes(), request: bytes(), answer: randomUUID() },
  ...change
});
const withClip = (slot: number, stage: 'ordinary' | 'pending' = 'ordinary') =>
  anOrder(slot, { clip: { shown: { id: bytes(), elements: bytes(), expires: 2027 }, stage } });
const idOf = ({ clip }: BookingOrder) => clip?.shown.id ?? bytes();

async function booked(order: BookingOrder): Promise<BookingOrder> {
  expect(await store.bookings.book([order], now)).toMatchObject({ outcome: 'booked' });
  return order;
}
const aChange = ({ ticket, slot }: BookingOrder, change: Partial<BookingChange> = {}) => ({
  ...{ ticket, was: { state: 'planned' as const, slot, misses: 0 }, state: 'planned' as const },
  ...{ misses: 0, slot, isSeated: true, movedFrom: null, clip: null, clipDay: null },
  keepsNote: true,
  ...change
});
const takenOf = async (slot: number) => (await store.plan.slot(slot))?.taken;

describe('a slot', () => {
  test.each([1, 3])('with %i seats is booked as often, of a hundred at once', async (seats) => {
    const [slot = 0] = await planned(1, seats);
    const orders = Array.from({ length: 100 }, () => withClip(slot));
    const answers = await Promise.all(orders.map((one) => store.bookings.book([one], now)));
    const won = answers.filter(({ outcome }) => outcome === 'booked');
    expect(won).toHaveLength(seats);
    expect(answers.filter(({ outcome }) => outcome === 'slot-taken')).toHaveLength(100 - seats);
    expect(await store.clips.spent()).toHaveLength(seats);
    expect(await takenOf(slot)).toBe(seats);
    expect(await store.bookings.between(now, now + 2 * hour)).toHaveLength(seats);
  });

  test('is not booked when it is past, shut or was never there', async () => {
    const [slot = 0] = await planned(1);
    const outcomes = [
      await store.bookings.book([anOrder(slot)], now + hour),
      await store.bookings.book([anOrder(slot + 1)], now)
    ];
    const refused = ['slot-past', 'slot-gone'];
    expect(outcomes).toEqual(
      [slot, slot + 1].map((id, at) => ({ outcome: refused[at], slot: id }))
    );
  });

  test('keeps its number to itself, and stays where a ticket names it', async () => {
    const [first = 0, second = 0, third = 0] = await planned(3);
    const order = await booked(anOrder(second));
    // Three would go, and somebody has one of them.
    const gone = await store.plan.change({ remove: 's' }, null, [], now);
    expect(gone).toEqual({ concerned: [second] });
    expect(await slotsAt()).toEqual([first, second, third]);
    const change = aChange(order, { state: 'cancelled', isSeated: false });
    expect(await store.bookings.change([change], { now })).toEqual({ outcome: 'changed' });
    expect(await takenOf(second)).toBe(0);
    expect(await store.plan.change({ remove: 's' }, null, [], now)).toEqual({ slots: 0 });
    expect(await slotsAt()).toEqual([]);
    expect(await store.plan.slot(first)).toBeNull();
    expect(await store.plan.slot(second)).toMatchObject({ isOpen: false });
    expect(await store.bookings.book([anOrder(second)], now)).toMatchObject({
      outcome: 'slot-gone'
    });
    const [again = 0] = await planned(1);
    expect(again).toBeGreaterThan(third);
  });

  test('that somebody has keeps its place, its length and seats enough', async () => {
    const [slot = 0] = await planned(1, 3);
    await booked(anOrder(slot));
    await booked(anOrder(slot));
    const to = (change: Partial<WantedSlot>, offer: Partial<Offer> = {}) =>
      store.plan.change(
        { remove: 'x' },
        [account],
        [{ ...wanted(now + hour, offer), ...change }],
        now
      );
    expect(await to({}, { seats: 1 })).toEqual({ concerned: [slot] });
    expect(await to({ minutes: 30 }, { seats: 3 })).toEqual({ concerned: [slot] });
    expect(await to({ shift: 'another' }, { seats: 2 })).toEqual({ slots: 1 });
    expect(await store.plan.slot(slot)).toMatchObject({ shift: 'another', taken: 2 });
    expect(await store.bookings.book([anOrder(slot)], now)).toMatchObject({
      outcome: 'slot-taken'
    });
  });
});

test('a plan that somebody has changed meanwhile is not changed by what follows from the old one', async () => {
  const shift = tuesdays(account);
  const put = (seen: number) =>
    store.plan.change({ put: shift }, [account], [wanted(now + hour)], now, seen);
  const seen = await store.plan.turn();
  expect(await put(seen)).toEqual({ slots: 1 });
  expect(await put(seen)).toEqual({ isStale: true });
  const later = await store.plan.turn();
  expect(await store.plan.change({ extend: true }, [account], [], now, seen)).toEqual({
    isStale: true
  });
  const [slot = 0] = await slotsAt();
  expect(await store.plan.change({ extend: true }, null, [wanted(now + hour)], now, later)).toEqual(
    { slots: 1 }
  );
  expect(await store.plan.turn()).toBe(later);
  const order = await booked(anOrder(slot));
  const absence = { account, from: now, until: now + 9 * hour };
  const cancelled = aChange(order, { state: 'cancelled-by-us', isSeated: false });
  await store.bookings.change([cancelled], { now, absence });
  expect(await put(later)).toEqual({ isStale: true });
  expect(await store.plan.shifts()).toEqual([shift]);
});

describe('a key', () => {
  test('asked again, at once or later, is answered the same', async () => {
    const [slot = 0] = await planned(1);
    const order = withClip(slot);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => store.bookings.book([order], now))
    );
    const answer = { outcome: 'booked', answers: [order.done.answer] };
    for (const one of answers) expect(one).toEqual(answer);
    await store.close();
    store = await openDurable(folder);
    // Also when the slot is long past, and whatever answer comes with it.
    const again = { ...order, done: { ...order.done, answer: 'another' } };
    expect(await store.bookings.book([again], now + 9 * hour)).toEqual(answer);
    const { key, request } = order.done;
    expect(await store.bookings.answered(key)).toEqual({ request, answer: order.done.answer });
    expect(await store.bookings.answered(bytes())).toBeNull();
    const other = { ...order, done: { ...order.done, request: bytes() } };
    expect(await store.bookings.book([other], now)).toEqual({ outcome: 'key-reused' });
    expect(await takenOf(slot)).toBe(1);
  });
});

describe('a series', () => {
  test('is booked whole or not at all', async () => {
    const [first = 0, second = 0, third = 0] = await planned(3);
    await booked(withClip(second));
    const orders = [withClip(first), withClip(second), withClip(third)];
    expect(await store.bookings.book(orders, now)).toEqual({ outcome: 'slot-taken', slot: second });
    expect(await store.clips.spent()).toHaveLength(1);
    expect([await takenOf(first), await takenOf(third)]).toEqual([0, 0]);
    const [one, , three] = orders;
    if (!one || !three) throw new Error('three');
    const asked = await store.bookings.book([one, three], now);
    expect(asked).toMatchObject({
      outcome: 'booked',
      answers: [one.done.answer, three.done.answer]
    });
    // A part of it, or more of it, is another request.
    const more = await store.bookings.book([one, anOrder(third)], now);
    expect(['key-reused', 'slot-taken']).toContain(more.outcome);
  });

  test.each([
    ['one seat twice', (slot: number) => [anOrder(slot), anOrder(slot)], 'slot-taken'],
    [
      'one ticket twice',
      (slot: number, other: number) => {
        const one = anOrder(slot);
        return [one, anOrder(other, { ticket: one.ticket })];
      },
      'ticket-known'
    ],
    [
      'one clip twice',
      (slot: number, other: number) => {
        const one = withClip(slot);
        return [one, anOrder(other, { clip: one.clip })];
      },
      'clip-spent'
    ]
  ])('with %s is refused, and leaves nothing', async (_, orders, outcome) => {
    const [first = 0, second = 0] = await planned(2);
    expect(await store.bookings.book(orders(first, second), now)).toMatchObject({ outcome });
    expect(await store.clips.spent()).toEqual([]);
    expect([await takenOf(first), await takenOf(second)]).toEqual([0, 0]);
    expect(await store.bookings.between(0, now + 9 * hour)).toEqual([]);
  });

  test('with a clip that is held elsewhere is refused', async () => {
    const [first = 0, second = 0, third = 0] = await planned(3);
    const before = await booked(withClip(first));
    const spent = anOrder(second, { clip: before.clip });
    expect(await store.bookings.book([spent], now)).toEqual({ outcome: 'clip-spent' });
    const conversation = bytes();
    await store.clips.issue(conversation, bytes(), 1);
    const already = { ...withClip(third), conversation };
    expect(await store.bookings.book([already], now)).toEqual({ outcome: 'clip-already' });
  });
});

describe('a change', () => {
  test('is of what was read, or of nothing', async () => {
    const [first = 0, second = 0] = await planned(2);
    const [one, two] = [await booked(withClip(first)), await booked(withClip(second))];
    const cancelled = { state: 'cancelled', isSeated: false, clip: 'did-not' } as const;
    const stale = aChange(two, {
      ...cancelled,
      was: { state: 'planned', slot: second, misses: 1 }
    });
    expect(await store.bookings.change([aChange(one, cancelled), stale], { now })).toEqual({
      outcome: 'stale'
    });
    expect((await store.bookings.find(one.ticket))?.state).toBe('planned');
    expect((await store.clips.find(idOf(one)))?.state).toBe('open');
    const unknown = aChange(anOrder(first), cancelled);
    expect(await store.bookings.change([unknown], { now })).toEqual({ outcome: 'stale' });
    const done = { key: bytes(), request: bytes(), answer: 'moved' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        store.bookings.change([aChange(one, { keepsNote: false })], { now, done })
      )
    );
    expect(answers.filter(({ outcome }) => outcome === 'changed')).toHaveLength(1);
    expect(await store.bookings.answered(done.key)).toMatchObject({ answer: 'moved' });
  });

  test('lets seats go before it takes others: two people change places', async () => {
    const [first = 0, second = 0] = await planned(2);
    const [one, two] = [await booked(anOrder(first)), await booked(anOrder(second))];
    const moves = [aChange(one, { slot: second }), aChange(two, { slot: first })];
    expect(await store.bookings.change(moves, { now })).toEqual({ outcome: 'changed' });
    expect(await store.bookings.find(one.ticket)).toMatchObject({ slot: second, isSeated: true });
    expect(await store.bookings.find(two.ticket)).toMatchObject({ slot: first, isSeated: true });
    expect([await takenOf(first), await takenOf(second)]).toEqual([1, 1]);
    // Both to one seat: neither.
    const back = (order: BookingOrder, from: number) =>
      aChange(order, { was: { state: 'planned', slot: from, misses: 0 }, slot: first });
    expect(await store.bookings.change([back(one, second), back(two, first)], { now })).toEqual({
      ...{ outcome: 'slot-taken', slot: first }
    });
    expect(await store.bookings.find(one.ticket)).toMatchObject({ slot: second, isSeated: true });
    expect([await takenOf(first), await takenOf(second)]).toEqual([1, 1]);
  });

  test('with an absence shuts those slots before anybody is moved into one', async () => {
    const [first = 0, second = 0, third = 0] = await planned(3);
    const one = await booked(anOrder(first));
    const absence = { account, from: now, until: now + 2 * hour + 1 };
    const to = (slot: number) =>
      store.bookings.change([aChange(one, { slot, state: 'moved-by-us', movedFrom: now + hour })], {
        ...{ now, absence }
      });
    expect(await to(second)).toEqual({ outcome: 'slot-gone', slot: second });
    expect(await store.plan.absences()).toEqual([]);
    expect(await store.plan.slot(second)).toMatchObject({ isOpen: true });
    expect(await to(third)).toEqual({ outcome: 'changed' });
    expect(await store.plan.absences()).toEqual([absence]);
    expect(await slotsAt()).toEqual([third]);
    expect(await store.bookings.find(one.ticket)).toMatchObject({
      ...{ slot: third, state: 'moved-by-us', movedFrom: now + hour, isSeated: true }
    });
  });

  test('settles the clip, gives one back that decides, and keeps one longer', async () => {
    const [first = 0, second = 0, third = 0] = await planned(3);
    const ordinary = await booked(withClip(first));
    const pending = await booked(withClip(second, 'pending'));
    const kept = await booked(withClip(third));
    const took = { state: 'took-place', clip: 'took-place' } as const;
    await store.bookings.change([aChange(ordinary, took), aChange(pending, took)], { now });
    const later = dayOf(now) + 30;
    await store.bookings.change([aChange(kept, { clipDay: later })], { now });
    expect((await store.clips.find(idOf(ordinary)))?.state).toBe('took-place');
    expect((await store.clips.find(idOf(pending)))?.state).toBe('did-not');
    await store.clips.forget({ day: later, epoch: 2000 });
    expect((await store.clips.find(idOf(kept)))?.state).toBe('open');
    await store.clips.forget({ day: later + 1, epoch: 2000 });
    expect((await store.clips.find(idOf(kept)))?.state).toBe('did-not');
  });
});

test('a note is kept with its booking, and goes with it', async () => {
  const [first = 0, second = 0] = await planned(2);
  const one = await booked(anOrder(first, { note: bytes(500) }));
  const two = await booked(anOrder(second));
  expect(await store.bookings.note(one.ticket)).toEqual(one.note);
  expect(await store.bookings.note(two.ticket)).toBeNull();
  expect((await store.bookings.find(two.ticket))?.hasNote).toBe(false);
  expect(await store.bookings.putNote(two.ticket, bytes(9))).toBe(true);
  expect(await store.bookings.putNote(bytes(), bytes(9))).toBe(false);
  expect(await store.bookings.inConversation(two.conversation)).toMatchObject({
    ...{ ticket: two.ticket, hasNote: true, visitor: young, stage: null, words: 1 }
  });
  await store.bookings.change([aChange(two, { keepsNote: false })], { now });
  expect((await store.bookings.find(two.ticket))?.hasNote).toBe(false);
  await store.messages.addAgendaItem(first, bytes(16), bytes(), 3);
  await store.bookings.forget(now + 2 * hour);
  expect(await store.bookings.find(one.ticket)).toBeNull();
  expect(await store.bookings.inConversation(one.conversation)).toBeNull();
  expect(await store.plan.slot(first)).toBeNull();
  expect(await store.messages.agenda(first)).toEqual([]);
  expect(await store.bookings.find(two.ticket)).not.toBeNull();
  await store.bookings.forget(now + 48 * hour);
  expect(await store.bookings.answered(two.done.key)).toBeNull();
});

test('whatever changes what is free makes another version of it', async () => {
  const versions = [store.plan.version()];
  const [slot = 0] = await planned(1);
  versions.push(store.plan.version());
  const order = await booked(anOrder(slot));
  versions.push(store.plan.version());
  await store.bookings.change([aChange(order, { state: 'cancelled', isSeated: false })], { now });
  versions.push(store.plan.version());
  expect(new Set(versions).size).toBe(4);
});
