import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addNote,
  book,
  bookingDay,
  cancelBooking,
  checkIn,
  markBooking,
  moveBooking,
  readNote,
  seeBooking
} from '#shared/booking/calls.ts';
import type { Purpose } from '#shared/booking/purpose.ts';
import { readWeek } from '#shared/booking/week.ts';
import {
  closeDays,
  moveBookings,
  openDays,
  proposeMoves,
  removeShift,
  saveShift,
  seePlan
} from '#shared/plan/calls.ts';
import type { PlannedShift } from '#shared/plan/planned-shift.ts';
import { conversationOfName } from '#server/booking/names.ts';
import {
  AHouse,
  aKey,
  aShownClip,
  aTicket,
  day,
  hour,
  parent,
  professional,
  tuesdays,
  young
} from './a-house.ts';

let house: AHouse;
let sofie: string;
let mikkel: string;
let shift: PlannedShift;
beforeEach(async () => {
  await begin(await AHouse.open());
});
afterEach(() => house.stop());

async function begin(made: AHouse): Promise<void> {
  house = made;
  sofie = await house.counsellor('Sofie');
  mikkel = await house.counsellor('Mikkel');
  shift = tuesdays(sofie);
  await house.ask(saveShift, { shift });
}

const slotsOf = async (account = sofie) =>
  (await house.booking.office.free.all()).filter((slot) => slot.account === account);

const slotAt = async (at: number, account = sofie) => {
  const slot = (await slotsOf(account))[at];
  if (!slot) throw new Error('no such slot');
  return slot;
};

type Clip = ReturnType<typeof aShownClip> | null;
const request = (
  slots: readonly number[],
  {
    clip = aShownClip(),
    visitor = young,
    purpose = 'conversation'
  }: {
    clip?: Clip;
    visitor?: typeof young;
    purpose?: Purpose;
  } = {}
) => {
  const tickets = slots.map(() => aTicket());
  const orders = slots.map((slot, at) => ({
    slot,
    key: aKey(),
    ticket: tickets[at]?.name ?? '',
    note: null as string | null,
    clip: at === 0 || clip === null ? clip : aShownClip()
  }));
  return { tickets, sent: { visitor, purpose, orders, proof: clip ? null : 'good' } };
};

/** One booking that has to come about. */
async function booked(slot: number, clip: Clip = aShownClip()) {
  const { tickets, sent } = request([slot], { clip });
  const answer = await house.ask(book, sent);
  if (!answer.ok || answer.value.outcome !== 'booked') throw new Error(JSON.stringify(answer));
  const [ticket] = tickets;
  const [booking] = answer.value.bookings;
  if (!ticket || !booking) throw new Error('no booking');
  return { ...ticket, booking, sent };
}

const see = async (ticket: string) => {
  const answer = await house.ask(seeBooking, { ticket });
  if (!answer.ok) throw new Error(answer.refusal);
  return answer.value;
};

/** What came of the one clip there is. */
const clipState = async () => {
  const [id] = await house.durable.clips.spent();
  return id ? (await house.durable.clips.find(id))?.state : null;
};

const refused = (refusal: string) => ({ ok: false, refusal });

describe('a booking', () => {
  test('is what its ticket shows, before and after a restart', async () => {
    const slot = await slotAt(0);
    const { ticket, booking } = await booked(slot.id);
    expect(booking).toMatchObject({
      start: Date.UTC(2026, 10, 24, 14),
      minutes: 45,
      zone: 'Europe/Copenhagen',
      place: { kind: 'chat' },
      counsellor: 'Sofie'
    });
    expect(booking.words).toHaveLength(2);
    await house.restart();
    expect(await see(ticket)).toMatchObject({
      state: 'planned',
      start: booking.start,
      words: booking.words,
      counsellor: 'Sofie',
      mayMove: true
    });
    expect(await clipState()).toBe('open');
  });

  test('asked again with its key is the same booking, also at the same moment, and for ever', async () => {
    const { sent } = request([(await slotAt(0)).id]);
    const [one, two] = await Promise.all([house.ask(book, sent), house.ask(book, sent)]);
    expect(one).toEqual(two);
    await house.restart();
    expect(await house.ask(book, sent)).toEqual(one);
    const [order] = sent.orders;
    const other = { ...order, slot: (await slotAt(1)).id } as typeof order & object;
    expect(await house.ask(book, { ...sent, orders: [other] })).toEqual(refused('key-reused'));
    expect(await house.durable.clips.spent()).toHaveLength(1);
  });

  test('without a clip costs a proof of work, and the house takes only so many', async () => {
    const { sent } = request([(await slotAt(0)).id], { clip: null });
    expect(await house.ask(book, { ...sent, proof: null })).toEqual(refused('proof-missing'));
    expect(await house.ask(book, { ...sent, proof: 'bad' })).toEqual(refused('proof-refused'));
    expect(await house.ask(book, sent)).toMatchObject({ ok: true });
    const long = tuesdays(mikkel, { start: '08:00', slotMinutes: 5, pauseMinutes: 0 });
    await house.ask(saveShift, { shift: long });
    const many = await slotsOf(mikkel);
    const answers = await Promise.all(
      many.slice(0, 80).map(({ id }) => house.ask(book, request([id], { clip: null }).sent))
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(59);
    expect(answers.filter((one) => !one.ok && one.refusal === 'house-busy')).toHaveLength(21);
    // With a clip nobody is held up.
    expect(await house.ask(book, request([many[90]?.id ?? 0]).sent)).toMatchObject({ ok: true });
  });

  test('of parents and professionals is the same', async () => {
    const one = request([(await slotAt(0)).id], { clip: null, visitor: parent, purpose: 'advice' });
    expect(await house.ask(book, one.sent)).toMatchObject({ ok: true });
    const two = request([(await slotAt(0)).id], {
      ...{ clip: null, visitor: professional },
      purpose: 'case'
    });
    expect(await house.ask(book, two.sent)).toMatchObject({ ok: true });
    const wrong = request([(await slotAt(0)).id], {
      ...{ clip: null, visitor: professional },
      purpose: 'conversation'
    });
    expect(await house.ask(book, wrong.sent)).toEqual(refused('slot-not-for-this'));
  });
});

describe('what is refused by name, with nothing lost', () => {
  test('a slot in the past, a slot that is gone, one beyond what can be booked', async () => {
    const slot = await slotAt(0);
    house.now = slot.start;
    expect(await house.ask(book, request([slot.id]).sent)).toEqual(refused('slot-past'));
    expect(await house.ask(book, request([999_999]).sent)).toEqual(refused('slot-gone'));
    const next = await slotAt(0);
    await house.ask(removeShift, { shift: shift.id });
    expect(await house.ask(book, request([next.id]).sent)).toEqual(refused('slot-gone'));
    expect(await clipState()).toBeNull();
  });

  test('a clip that is wrong, spent, of another holder, or of another stage', async () => {
    const slot = (await slotAt(0)).id;
    const tried = async (clip: object) => {
      const { sent } = request([slot], { clip: { ...aShownClip(), ...clip } });
      return house.ask(book, sent);
    };
    expect(await tried({ tag: `wrong${'A'.repeat(38)}` })).toEqual(refused('clip-wrong-tag'));
    expect(await tried({ holder: 'parent' })).toEqual(refused('clip-wrong-holder'));
    expect(await tried({ stage: 'decision-stop' })).toEqual(refused('clip-wrong-stage'));
    expect(await tried({ stage: 'decision-involve' })).toEqual(refused('clip-wrong-stage'));
    const clip = aShownClip();
    await booked(slot, clip);
    const again = request([(await slotAt(0)).id], { clip });
    expect(await house.ask(book, again.sent)).toEqual(refused('clip-spent'));
    expect((await slotAt(0)).taken).toBe(0);
    const joint = request([(await slotAt(0)).id], { clip: null, purpose: 'joint' });
    expect(await house.ask(book, joint.sent)).toEqual(refused('clip-missing'));
  });

  test('a ticket that is forged, in every call, as one that nobody has', async () => {
    const { ticket } = aTicket();
    const slot = (await slotAt(0)).id;
    for (const answer of [
      await house.ask(seeBooking, { ticket }),
      await house.ask(cancelBooking, { ticket }),
      await house.ask(moveBooking, { ticket, slot, key: aKey() }),
      await house.ask(addNote, { ticket, note: 'AAAA' }),
      await house.ask(checkIn, { ticket })
    ])
      expect(answer).toEqual(refused('unknown-ticket'));
    // What a device books with does not open the booking.
    const { name } = await booked(slot);
    expect(await house.ask(seeBooking, { ticket: name })).toEqual(refused('unknown-ticket'));
  });

  test('a note that is too long, and a second booking with one ticket', async () => {
    const slot = (await slotAt(0)).id;
    const { sent } = request([slot]);
    const [order] = sent.orders;
    if (!order) throw new Error();
    const long = { ...order, note: 'A'.repeat(40_000) };
    expect(await house.ask(book, { ...sent, orders: [long] })).toEqual(refused('note-too-long'));
    const { ticket, name } = await booked(slot);
    expect(await house.ask(addNote, { ticket, note: 'A'.repeat(40_000) })).toEqual(
      refused('note-too-long')
    );
    const second = { ...order, slot: (await slotAt(0)).id, ticket: name };
    expect(await house.ask(book, { ...sent, orders: [second] })).toEqual(refused('ticket-known'));
    expect(await house.durable.clips.spent()).toHaveLength(1);
  });
});

describe('somebody who cannot come', () => {
  test('in time has the clip again and the slot is free, and is told so twice', async () => {
    const slot = await slotAt(0);
    const { ticket } = await booked(slot.id);
    const inTime = { ok: true, value: { inTime: true, clipIsFree: true } };
    expect(await house.ask(cancelBooking, { ticket })).toEqual(inTime);
    expect(await house.ask(cancelBooking, { ticket })).toEqual(inTime);
    expect(await clipState()).toBe('did-not');
    expect(await see(ticket)).toMatchObject({ state: 'cancelled', mayMove: false });
    await booked(slot.id);
  });

  test('too late may come another time with the same ticket, once; missed again it counts', async () => {
    const slot = await slotAt(0);
    const { ticket } = await booked(slot.id);
    house.now = slot.start - 23 * hour;
    expect(await house.ask(cancelBooking, { ticket })).toEqual({
      ok: true,
      value: { inTime: false, clipIsFree: false }
    });
    expect(await clipState()).toBe('open');
    expect(await see(ticket)).toMatchObject({ state: 'cancelled-late', mayMove: true });
    const next = await slotAt(3);
    const key = aKey();
    const moved = await house.ask(moveBooking, { ticket, slot: next.id, key });
    expect(moved).toMatchObject({ ok: true, value: { outcome: 'moved' } });
    house.now = next.start + hour;
    expect(await see(ticket)).toMatchObject({ state: 'missed', mayMove: false });
    expect(await clipState()).toBe('took-place');
    expect(
      await house.ask(moveBooking, { ticket, slot: (await slotAt(0)).id, key: aKey() })
    ).toEqual(refused('not-movable'));
  });

  test('and says nothing has missed it, and after two weeks the clip is the holder’s again', async () => {
    const slot = await slotAt(0);
    const { ticket } = await booked(slot.id);
    house.now = slot.start + 21 * 60_000;
    await house.booking.tidy();
    expect(await see(ticket)).toMatchObject({
      state: 'missed',
      secondTryUntil: slot.start + 14 * day
    });
    const forget = () =>
      house.durable.clips.forget({ day: Math.floor(house.now / day) - 1, epoch: 2025 });
    house.now = slot.start + 13 * day;
    await forget();
    expect(await clipState()).toBe('open');
    house.now = slot.start + 17 * day;
    await forget();
    expect(await clipState()).toBe('did-not');
  });

  test.each([
    ['counts', 'took-place'],
    ['given-back', 'did-not']
  ] as const)('by the rule %s leaves a clip that %s', async (missed, state) => {
    await house.stop();
    await begin(await AHouse.open({ missed }));
    const slot = await slotAt(0);
    const { ticket } = await booked(slot.id);
    house.now = slot.start + hour;
    expect(await see(ticket)).toMatchObject({ state: 'missed', mayMove: false });
    expect(await clipState()).toBe(state);
  });
});

describe('another time', () => {
  test('lets the old one go, keeps the clip, and is the same when it is asked again', async () => {
    const [one, two] = [await slotAt(0), await slotAt(1)];
    const { ticket, booking } = await booked(one.id);
    const key = aKey();
    const moved = await house.ask(moveBooking, { ticket, slot: two.id, key });
    expect(moved).toMatchObject({
      ok: true,
      value: { outcome: 'moved', booking: { start: two.start, words: booking.words } }
    });
    expect(await house.ask(moveBooking, { ticket, slot: two.id, key })).toEqual(moved);
    expect((await slotsOf()).map(({ id }) => id)).toContain(one.id);
    expect(await see(ticket)).toMatchObject({ state: 'planned', start: two.start });
    expect(await clipState()).toBe('open');
  });

  test('that somebody else has is named, with three others', async () => {
    const [one, two] = [await slotAt(0), await slotAt(1)];
    const { ticket } = await booked(one.id);
    await booked(two.id);
    const answer = await house.ask(moveBooking, { ticket, slot: two.id, key: aKey() });
    expect(answer).toMatchObject({ ok: true, value: { outcome: 'slot-taken' } });
    if (!answer.ok || answer.value.outcome !== 'slot-taken') throw new Error();
    expect(answer.value.alternatives).toHaveLength(3);
    expect(await see(ticket)).toMatchObject({ start: one.start });
  });
});

describe('"I am here"', () => {
  test('is said from ten minutes before until twenty after', async () => {
    const slot = await slotAt(0);
    const { ticket } = await booked(slot.id);
    house.now = slot.start - 11 * 60_000;
    expect(await house.ask(checkIn, { ticket })).toEqual(refused('too-early'));
    house.now = slot.start - 10 * 60_000;
    const here = await house.ask(checkIn, { ticket });
    expect(here).toMatchObject({ ok: true, value: { place: { place: 1 } } });
    expect(await see(ticket)).toMatchObject({ state: 'checked-in' });
    // From a second device the same again.
    expect(await house.ask(checkIn, { ticket })).toEqual(here);
    expect(house.arrived.map(({ account }) => account)).toEqual([sofie, sofie]);
    expect(await house.ask(cancelBooking, { ticket })).toEqual(refused('already-checked-in'));
    house.now = slot.start + 21 * 60_000;
    expect(await house.ask(checkIn, { ticket })).toEqual(refused('too-late'));
  });

  test('leads to a conversation that ends the booking; one that never was leaves the clip', async () => {
    const slot = await slotAt(0);
    const { ticket, name } = await booked(slot.id);
    house.now = slot.start;
    await house.ask(checkIn, { ticket });
    await house.booking.conversationOver(conversationOfName(name), true);
    expect(await see(ticket)).toMatchObject({ state: 'took-place', checkIn: null });
    expect(await house.ask(checkIn, { ticket })).toEqual(refused('already-over'));
    const other = await slotAt(0);
    const left = await booked(other.id);
    house.now = other.start;
    await house.ask(checkIn, { ticket: left.ticket });
    await house.booking.conversationOver(conversationOfName(left.name), false);
    expect(await see(left.ticket)).toMatchObject({ state: 'cancelled' });
  });
});

describe('a meeting in the house', () => {
  const inHouse = () =>
    tuesdays(mikkel, {
      offer: { ...shift.offer, place: { kind: 'house', address: 'Skolevej 1' } }
    });

  test('is marked by the counsellor, and then the clip is the outcome’s', async () => {
    await house.ask(saveShift, { shift: inHouse() });
    const slot = await slotAt(0, mikkel);
    const { ticket } = await booked(slot.id);
    expect(await house.ask(checkIn, { ticket })).toEqual(refused('not-in-chat'));
    const today = await house.ask(bookingDay, { date: '2026-11-24' }, mikkel);
    if (!today.ok) throw new Error(today.refusal);
    const [seen] = today.value.bookings;
    if (!seen) throw new Error('no booking');
    expect(seen).toMatchObject({ isMine: true, kind: 'young', stage: 'ordinary', hasNote: false });
    expect(seen.words).toEqual((await see(ticket)).words);
    const { booking } = seen;
    expect(await house.ask(markBooking, { booking, outcome: 'took-place' }, mikkel)).toEqual(
      refused('too-early')
    );
    house.now = slot.start + hour;
    expect(await see(ticket)).toMatchObject({ state: 'planned' });
    await house.ask(markBooking, { booking, outcome: 'took-place' }, mikkel);
    expect(await house.ask(markBooking, { booking, outcome: 'took-place' }, mikkel)).toMatchObject({
      ok: true
    });
    expect(await house.ask(markBooking, { booking, outcome: 'missed' }, mikkel)).toEqual(
      refused('already-over')
    );
    expect(await see(ticket)).toMatchObject({ state: 'took-place', capability: null });
    expect(await clipState()).toBe('took-place');
  });

  test('that was a first one gives the right to a card and to nothing else', async () => {
    await house.ask(saveShift, { shift: inHouse() });
    const slot = await slotAt(0, mikkel);
    const { ticket, name } = await booked(slot.id, null);
    house.now = slot.start + hour;
    const today = await house.ask(bookingDay, { date: '2026-11-24' }, mikkel);
    const booking = today.ok ? (today.value.bookings[0]?.booking ?? '') : '';
    await house.ask(markBooking, { booking, outcome: 'took-place' }, mikkel);
    const { capability } = await see(ticket);
    expect(capability).not.toBeNull();
    expect(await house.booking.tookPlace(conversationOfName(name))).toBe(true);
    expect(house.closed).toContain(conversationOfName(name));
  });

  test('has its note until it is over', async () => {
    await house.ask(saveShift, { shift: inHouse() });
    const slot = await slotAt(0, mikkel);
    const { ticket } = await booked(slot.id);
    await house.ask(addNote, { ticket, note: 'c2VhbGVk' });
    const today = await house.ask(bookingDay, { date: '2026-11-24' }, mikkel);
    const booking = today.ok ? (today.value.bookings[0]?.booking ?? '') : '';
    expect(await house.ask(readNote, { booking }, mikkel)).toEqual({
      ok: true,
      value: { note: 'c2VhbGVk' }
    });
    house.now = slot.start + hour;
    await house.ask(markBooking, { booking, outcome: 'took-place' }, mikkel);
    expect(await house.ask(readNote, { booking }, mikkel)).toEqual({
      ok: true,
      value: { note: null }
    });
    expect(await house.ask(addNote, { ticket, note: 'AAAA' })).toEqual(refused('already-over'));
  });
});

describe('a series', () => {
  const weekly = async (many: number) =>
    (await slotsOf())
      .filter(({ start }, _, all) => (start - (all[0]?.start ?? 0)) % (7 * day) === 0)
      .slice(0, many)
      .map(({ id }) => id);

  test('of five weeks is booked at once, each with a ticket of its own', async () => {
    const { sent, tickets } = request(await weekly(5));
    const answer = await house.ask(book, sent);
    expect(answer).toMatchObject({ ok: true, value: { outcome: 'booked' } });
    expect(await house.ask(book, sent)).toEqual(answer);
    for (const { ticket } of tickets) expect(await see(ticket)).toMatchObject({ state: 'planned' });
    expect(await house.durable.clips.spent()).toHaveLength(5);
  });

  test('is all or nothing', async () => {
    const slots = await weekly(5);
    await booked(slots[3] ?? 0);
    const answer = await house.ask(book, request(slots).sent);
    expect(answer).toMatchObject({ ok: true, value: { outcome: 'slot-taken', slot: slots[3] } });
    const clip = aShownClip();
    await booked((await slotAt(1)).id, clip);
    const { sent } = request([slots[0], slots[1], slots[2]].map((slot) => slot ?? 0));
    const last = sent.orders[2];
    if (last) last.clip = clip;
    expect(await house.ask(book, sent)).toEqual(refused('clip-spent'));
    expect(await house.durable.clips.spent()).toHaveLength(2);
    expect((await slotsOf()).map(({ id }) => id)).toContain(slots[0]);
  });

  test('is weekly and with one counsellor', async () => {
    await house.ask(saveShift, { shift: tuesdays(mikkel) });
    const [one, two] = await weekly(2);
    const other = await slotAt(3, mikkel);
    const noSeries = refused('not-a-series');
    expect(await house.ask(book, request([one ?? 0, other.id]).sent)).toEqual(noSeries);
    expect(await house.ask(book, request([two ?? 0, one ?? 0]).sent)).toEqual(noSeries);
    expect(await house.ask(book, request([one ?? 0, (await slotAt(1)).id]).sent)).toEqual(noSeries);
  });
});

describe('a change of the plan', () => {
  test('moves nobody: it names the bookings that stand in the way', async () => {
    const slot = await slotAt(0);
    await booked(slot.id);
    const place = { kind: 'house' as const, address: 'Skolevej 1' };
    const before = await slotsOf();
    for (const answer of [
      await house.ask(removeShift, { shift: shift.id }),
      await house.ask(saveShift, { shift: { ...shift, start: '16:00' } }),
      await house.ask(saveShift, { shift: { ...shift, offer: { ...shift.offer, place } } }),
      await house.ask(closeDays, {
        days: { from: '2026-11-24', until: '2026-11-24', name: 'Kursus' }
      })
    ])
      expect(answer).toMatchObject({
        ok: true,
        value: {
          outcome: 'bookings-concerned',
          moves: [{ booking: { slot: slot.id, counsellor: 'Sofie' } }]
        }
      });
    expect(await slotsOf()).toEqual(before);
    const plan = await house.ask(seePlan, {});
    expect(plan).toMatchObject({ ok: true, value: { shifts: [shift], closed: [] } });
  });

  test('keeps the slots that stay: a longer shift has the same ones and more', async () => {
    const before = await slotsOf();
    await house.ask(saveShift, { shift: { ...shift, end: '19:00' } });
    const after = await slotsOf();
    expect(after).toHaveLength((before.length / 3) * 4);
    for (const { id, start } of before)
      expect(after.find((slot) => slot.id === id)?.start).toBe(start);
  });

  test('closes days and opens them again', async () => {
    const before = await slotsOf();
    await house.ask(closeDays, { days: { from: '2026-12-20', until: '2027-01-03', name: 'Jul' } });
    expect(await slotsOf()).toHaveLength(before.length - 6);
    await house.ask(openDays, { from: '2026-12-20' });
    expect((await slotsOf()).map(({ start }) => start)).toEqual(before.map(({ start }) => start));
  });

  test('comes within reach as time passes', async () => {
    const last = (await slotsOf()).at(-1)?.start ?? 0;
    house.now += 14 * day;
    await house.plan.extend();
    expect((await slotsOf()).at(-1)?.start).toBe(last + 14 * day);
  });

  test('refuses what the rules refuse, and whom nobody knows', async () => {
    const past = { ...shift, when: { repeats: 'once' as const, date: '2026-11-01' } };
    expect(await house.ask(saveShift, { shift: past })).toEqual(refused('date-in-past'));
    const again = tuesdays(sofie, { start: '17:00', end: '19:00' });
    expect(await house.ask(saveShift, { shift: again })).toEqual(refused('shift-overlaps'));
    expect(await house.ask(saveShift, { shift: tuesdays('nobody') })).toEqual(
      refused('unknown-counsellor')
    );
  });
});

describe('a counsellor who falls ill', () => {
  const absent = () => ({ account: sofie, from: house.now, until: house.now + 2 * day });

  test('has bookings moved to colleagues in one step, and those without a place are free', async () => {
    const slots = [await slotAt(0), await slotAt(1), await slotAt(2)];
    const tickets = [];
    for (const { id } of slots) tickets.push((await booked(id)).ticket);
    await house.ask(saveShift, {
      shift: tuesdays(mikkel, { start: '16:00', when: { repeats: 'once', date: '2026-11-24' } })
    });
    const proposal = await house.ask(proposeMoves, absent());
    if (!proposal.ok) throw new Error(proposal.refusal);
    const moves = proposal.value.moves.map(({ booking, to }) => ({
      booking: booking.booking,
      slot: to?.slot ?? null
    }));
    expect(moves.filter(({ slot }) => slot === null)).toHaveLength(1);
    expect(new Set(moves.map(({ slot }) => slot)).size).toBe(3);
    expect(await see(tickets[0] ?? '')).toMatchObject({ state: 'planned' });

    const apply = { ...absent(), moves };
    expect(await house.ask(moveBookings, { ...apply, moves: moves.slice(1) })).toEqual(
      refused('proposal-outdated')
    );
    expect(await house.ask(moveBookings, apply)).toEqual({
      ok: true,
      value: { moved: 2, cancelled: 1 }
    });
    const states = await Promise.all(tickets.map(see));
    expect(states.map(({ state }) => state).toSorted()).toEqual([
      'cancelled-by-us',
      'moved-by-us',
      'moved-by-us'
    ]);
    for (const { state, movedFrom, start, counsellor } of states) {
      if (state !== 'moved-by-us') continue;
      expect(counsellor).toBe('Mikkel');
      expect(movedFrom).not.toBeNull();
      expect(start).toBeGreaterThan(house.now);
    }
    // Nobody can book who is not there, not even after the plan is made anew.
    await house.plan.extend();
    expect((await slotsOf()).every(({ start }) => start >= absent().until)).toBe(true);
    expect(await house.ask(moveBookings, apply)).toEqual(refused('proposal-outdated'));
  });

  test('and somebody who books in between stops the step', async () => {
    await booked((await slotAt(0)).id);
    const proposal = await house.ask(proposeMoves, absent());
    if (!proposal.ok) throw new Error(proposal.refusal);
    await booked((await slotAt(0)).id);
    const moves = proposal.value.moves.map(({ booking }) => ({
      booking: booking.booking,
      slot: null
    }));
    expect(await house.ask(moveBookings, { ...absent(), moves })).toEqual(
      refused('proposal-outdated')
    );
  });
});

test('what is too old goes: booking, answer, slot', async () => {
  const slot = await slotAt(0);
  const { ticket } = await booked(slot.id);
  house.now = slot.start + 16 * day;
  await house.booking.tidy();
  expect(await house.ask(seeBooking, { ticket })).toEqual(refused('unknown-ticket'));
  expect(await house.durable.plan.slot(slot.id)).toBeNull();
});

test('the week is the free slots, compact, and read again it is the same', async () => {
  await house.ask(saveShift, { shift: tuesdays(mikkel) });
  await booked((await slotAt(0)).id);
  const week = await house.booking.week('2026-11-23');
  if (!week) throw new Error('no week');
  const slots = readWeek(week);
  expect(slots).toHaveLength(5);
  const all = await house.booking.office.free.all();
  for (const { slot, start, counsellor } of slots)
    expect(all.find(({ id }) => id === slot)).toMatchObject({ start, counsellor });
  expect(house.booking.week('2026-11-24')).toBeNull();
  expect(house.booking.week('2027-11-22')).toBeNull();
});
