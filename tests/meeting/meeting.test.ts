import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { book, bookingDay, cancelBooking, moveBooking, seeBooking } from '#shared/booking/calls.ts';
import { addToAgenda, seeAgenda } from '#shared/booking/message-calls.ts';
import { askForSeats, readAgenda, seeSeat, takeSeat } from '#shared/booking/meeting-calls.ts';
import { agendaKey, LONGEST_ITEM, openItem, sealItem } from '#shared/crypto/agenda.ts';
import { saveShift } from '#shared/plan/calls.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import {
  AHouse,
  aKey,
  aTicket,
  day,
  parent,
  professional,
  tuesdays,
  young
} from '#tests/booking/a-house.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
const text = (sealed: Uint8Array | null) => Buffer.from(sealed ?? []).toString('base64url');
const refused = (refusal: string) => ({ ok: false, refusal });

let house: AHouse;
let sofie: string;
beforeEach(async () => {
  house = await AHouse.open();
  sofie = await house.counsellor('Sofie');
});
afterEach(() => house.stop());

const meeting = (seats: number) =>
  tuesdays(sofie, {
    when: { repeats: 'once', date: '2026-11-24' },
    offer: {
      place: { kind: 'house', address: 'Skolevej 1' },
      languages: ['da'],
      kinds: ['young', 'parent', 'professional'],
      purposes: ['network'],
      seats
    }
  });

async function asks(visitor: Visitor, slot?: number) {
  const { ticket, name } = aTicket();
  const [first] = await house.booking.office.free.all();
  const order = { slot: slot ?? first?.id ?? 0, key: aKey(), ticket: name, note: null, clip: null };
  const request = { visitor, purpose: 'network' as const, orders: [order], proof: 'good' };
  return { ticket, slot: order.slot, answer: await house.ask(book, request) };
}

async function passesOf(ticket: string, seats: number): Promise<string[]> {
  const given = await house.ask(askForSeats, { ticket, seats });
  if (!given.ok) throw new Error(given.refusal);
  return given.value.seats.map(({ pass }) => pass);
}

async function sits(pass: string, visitor: Visitor) {
  const { ticket, name } = aTicket();
  return { ticket, name, answer: await house.ask(takeSeat, { pass, ticket: name, visitor }) };
}

test('whoever asked for it hands on its seats, each taken once, with a ticket of its own', async () => {
  await house.ask(saveShift, { shift: meeting(3) });
  const mother = await asks(parent);
  expect(mother.answer).toMatchObject({ ok: true, value: { outcome: 'booked' } });
  // Nobody else comes into it, neither with a new time nor with one that is moved.
  expect((await house.booking.office.free.all()).some(({ id }) => id === mother.slot)).toBe(false);
  const stranger = await asks(professional, mother.slot);
  expect(stranger.answer).toMatchObject({ ok: true, value: { outcome: 'slot-taken' } });

  const passes = await passesOf(mother.ticket, 3);
  expect(passes).toHaveLength(2);
  expect(await passesOf(mother.ticket, 3)).toEqual(passes);
  const [first = '', second = ''] = passes;
  expect(await house.ask(seeSeat, { pass: first })).toMatchObject({
    ok: true,
    value: { slot: mother.slot, counsellor: 'Sofie' }
  });
  const son = await sits(first, young);
  expect(son.answer).toMatchObject({ ok: true, value: { slot: mother.slot } });
  // The answer was lost on the way: the same again. Somebody else with the same link comes too late.
  const again = { pass: first, ticket: son.name, visitor: young };
  expect(await house.ask(takeSeat, again)).toEqual(son.answer);
  expect((await sits(first, professional)).answer).toEqual(refused('seat-taken'));
  expect(await house.ask(seeSeat, { pass: first })).toEqual(refused('seat-taken'));
  expect(await house.ask(askForSeats, { ticket: mother.ticket, seats: 3 })).toMatchObject({
    value: { seats: [{ isTaken: true }, { isTaken: false }] }
  });
  const teacher = await sits(second, professional);
  expect(teacher.answer.ok).toBe(true);
  for (const { ticket } of [son, teacher])
    expect(await house.ask(seeBooking, { ticket })).toMatchObject({
      ok: true,
      value: { state: 'planned', purpose: 'network', mayMove: false }
    });
  const { value } = (await house.ask(bookingDay, { date: '2026-11-24' }, sofie)) as {
    value: { bookings: { kind: string }[] };
  };
  expect(value.bookings.map(({ kind }) => kind).toSorted()).toEqual([
    'parent',
    'professional',
    'young'
  ]);
});

test('two with one link at the same moment: one has the seat', async () => {
  await house.ask(saveShift, { shift: meeting(6) });
  const { ticket } = await asks(parent);
  const [pass = ''] = await passesOf(ticket, 6);
  const answers = await Promise.all(Array.from({ length: 8 }, () => sits(pass, young)));
  expect(answers.filter(({ answer }) => answer.ok)).toHaveLength(1);
});

test('what is wrong is named', async () => {
  await house.ask(saveShift, { shift: meeting(2) });
  const { ticket, slot } = await asks(parent);
  expect(await house.ask(askForSeats, { ticket, seats: 3 })).toEqual(refused('too-few-seats'));
  expect(await house.ask(askForSeats, { ticket, seats: 7 })).toEqual(refused('malformed-request'));
  expect(await house.ask(askForSeats, { ticket: aTicket().ticket, seats: 2 })).toEqual(
    refused('unknown-ticket')
  );
  const [pass = ''] = await passesOf(ticket, 2);
  // Another seat of the same meeting, by who changes a byte of the link.
  const forged = bytes(pass).with(32, 2);
  expect(await house.ask(seeSeat, { pass: text(forged) })).toEqual(refused('unknown-seat'));
  expect((await sits(text(forged), young)).answer).toEqual(refused('unknown-seat'));
  expect(await house.ask(seeSeat, { pass: 'A'.repeat(20) })).toEqual(refused('malformed-request'));
  const moved = { ticket, slot: slot + 1, key: aKey() };
  expect(await house.ask(moveBooking, moved)).toEqual(refused('not-movable'));
  // It is called off before anybody came.
  expect(await house.ask(cancelBooking, { ticket })).toMatchObject({ ok: true });
  expect((await sits(pass, young)).answer).toEqual(refused('already-over'));
  expect(await house.ask(askForSeats, { ticket, seats: 2 })).toEqual(refused('unknown-ticket'));
  // Another family has the time then, and the old link does not lead to them.
  expect((await asks(parent, slot)).answer).toMatchObject({ value: { outcome: 'booked' } });
  expect((await sits(pass, young)).answer).toEqual(refused('already-over'));
  house.now += 7 * day;
  expect(await house.ask(seeSeat, { pass })).toEqual(refused('already-over'));
});

test('what it is to be about is added by everybody, read by those with the key, and by nobody who has the disk', async () => {
  await house.ask(saveShift, { shift: meeting(3) });
  const mother = await asks(parent);
  const [pass = ''] = await passesOf(mother.ticket, 3);
  const son = await sits(pass, young);
  const key = agendaKey(bytes(mother.ticket));
  const add = async (ticket: string, words: string) => {
    const id = aKey();
    const sealed = text(await sealItem(words, key, bytes(id)));
    expect(await house.ask(addToAgenda, { ticket, id, sealed })).toEqual({ ok: true, value: {} });
    expect(await house.ask(addToAgenda, { ticket, id, sealed })).toEqual({ ok: true, value: {} });
  };
  await add(mother.ticket, 'Skolen, og hvem der ringer');
  await add(son.ticket, 'Kanariefuglen Zebulon');
  const readBy = async (items: readonly { id: string; sealed: string }[]) =>
    (
      await Promise.all(items.map(({ id, sealed }) => openItem(bytes(sealed), key, bytes(id))))
    ).toSorted((one, other) => (one ?? '').localeCompare(other ?? ''));
  for (const { ticket } of [mother, son]) {
    const seen = await house.ask(seeAgenda, { ticket });
    expect(await readBy(seen.ok ? seen.value.items : [])).toEqual([
      'Kanariefuglen Zebulon',
      'Skolen, og hvem der ringer'
    ]);
  }
  const bookings = await house.ask(bookingDay, { date: '2026-11-24' }, sofie);
  const booking = (bookings.ok && bookings.value.bookings[0]?.booking) || '';
  const atDesk = await house.ask(readAgenda, { booking }, sofie);
  expect(await readBy(atDesk.ok ? atDesk.value.items : [])).toHaveLength(2);
  expect(await house.ask(readAgenda, { booking: aTicket().ticket }, sofie)).toEqual(
    refused('unknown-booking')
  );

  // Another key, another item's place, and what is too long.
  const [item] = atDesk.ok ? atDesk.value.items : [];
  if (!item) throw new Error('no item');
  const other = agendaKey(bytes(son.ticket));
  expect(await openItem(bytes(item.sealed), other, bytes(item.id))).toBe(null);
  expect(await openItem(bytes(item.sealed), key, bytes(aKey()))).toBe(null);
  expect(await sealItem('x'.repeat(LONGEST_ITEM + 1), key, bytes(aKey()))).toBe(null);
  expect(await sealItem('x'.repeat(LONGEST_ITEM), key, bytes(aKey()))).toHaveLength(1052);

  const stolen = Buffer.concat(
    readdirSync(house.folder).map((name) => readFileSync(join(house.folder, name)))
  );
  expect(stolen.includes(Buffer.from(bytes(item.sealed)).subarray(20, 60))).toBe(true);
  for (const secret of ['Zebulon', mother.ticket, son.ticket, pass])
    expect(stolen.includes(secret)).toBe(false);
  for (const secret of [bytes(mother.ticket), key])
    expect(stolen.includes(Buffer.from(secret))).toBe(false);
});

test('twenty items and no more; no other meeting has any', async () => {
  await house.ask(saveShift, { shift: meeting(2) });
  const { ticket } = await asks(parent);
  for (let item = 0; item < 20; item += 1)
    await house.ask(addToAgenda, { ticket, id: aKey(), sealed: 'AAAA' });
  expect(await house.ask(addToAgenda, { ticket, id: aKey(), sealed: 'AAAA' })).toEqual(
    refused('agenda-full')
  );
  await house.ask(saveShift, { shift: tuesdays(sofie, { start: '08:00', end: '11:00' }) });
  const all = await house.booking.office.free.all();
  const chat = all.find(({ offer }) => offer.place.kind === 'chat');
  const mine = aTicket();
  const order = { slot: chat?.id ?? 0, key: aKey(), ticket: mine.name, note: null, clip: null };
  const request = { visitor: young, purpose: 'conversation' as const, proof: 'good' };
  await house.ask(book, { ...request, orders: [order] });
  expect(await house.ask(seeAgenda, { ticket: mine.ticket })).toEqual(
    refused('not-a-network-meeting')
  );
  expect(await house.ask(askForSeats, { ticket: mine.ticket, seats: 2 })).toEqual(
    refused('not-a-network-meeting')
  );
});
