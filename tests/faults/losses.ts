import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { book } from '#shared/booking/calls.ts';
import { saveShift } from '#shared/plan/calls.ts';
import type { AnswerOf, RequestOf } from '#shared/wire/define-call.ts';
import { storedTicket } from '#server/booking/names.ts';
import {
  aKey,
  aShownClip,
  aTicket,
  clipIdOf,
  tuesdays,
  young,
  type AHouse
} from '#tests/booking/a-house.ts';

export type Request = RequestOf<typeof book>;
export type Answer = AnswerOf<typeof book>;

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is missing afterwards. */
export interface Found {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly clipsLost: number;
  /** Keys that were answered something else when they were asked once more. */
  readonly changed: number;
  readonly kills: number;
  readonly undone: number;
  readonly seconds: number;
}

/** The shared library, compiled for this run. */
export function powerCut(): string {
  const library = join(mkdtempSync(join(tmpdir(), 'frirum-cut-')), 'power-cut.so');
  const source = join(root, 'tests/faults/power-cut.c');
  const made = spawnSync('gcc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl']);
  if (made.status !== 0)
    throw new Error('the power cut needs a C compiler: apt-get install -y gcc libc6-dev');
  return library;
}

/** mulberry32: the same numbers for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** So many slots, of as many counsellors as it takes. */
export async function planSlots(house: AHouse, many: number): Promise<number[]> {
  for (let at = 0; (await house.booking.office.free.all()).length < many; at += 1) {
    const account = await house.counsellor(`Sofie ${at}`);
    const day = tuesdays(account, { start: '08:00', slotMinutes: 15, pauseMinutes: 0 });
    await house.ask(saveShift, { shift: day });
  }
  return (await house.booking.office.free.all()).slice(0, many).map(({ id }) => id);
}

/** Orders of one clip each, several for each slot, in an order of chance. */
export const ordersFor = (
  slots: readonly number[],
  many: number,
  chance: () => number
): Request[] =>
  Array.from({ length: many }, (_, at): Request => {
    const slot = slots[at % slots.length] ?? 0;
    const clip = aShownClip();
    const order = { slot, key: aKey(), ticket: aTicket().name, note: null, clip };
    return { visitor: young, purpose: 'conversation', orders: [order], proof: null };
  })
    .map((request) => ({ request, place: chance() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ request }) => request);

/** Looks for every order that was answered. */
export async function count(
  house: AHouse,
  requests: readonly Request[],
  answers: ReadonlyMap<number, Answer>
): Promise<Pick<Found, 'acknowledged' | 'lost' | 'doubled' | 'clipsLost' | 'changed'>> {
  const { bookings, clips } = house.durable;
  const found = { acknowledged: 0, lost: 0, doubled: 0, clipsLost: 0, changed: 0 };
  const seats = new Map<number, number>();
  for (const [id, request] of requests.entries()) {
    const [order] = request.orders;
    const answer = answers.get(id);
    if (!order?.clip || !answer) continue;
    const booking = await bookings.find(storedTicket(house.secret, order.ticket));
    const clip = await clips.find(clipIdOf(order.clip));
    const isBooked = answer.ok && answer.value.outcome === 'booked';
    if (isBooked) found.acknowledged += 1;
    if (isBooked && booking?.slot !== order.slot) found.lost += 1;
    if (booking) seats.set(booking.slot, (seats.get(booking.slot) ?? 0) + 1);
    // A clip is held with its booking, or it is as it was.
    if ((booking !== null) !== (clip?.state === 'open')) found.clipsLost += 1;
    const again = isBooked ? await house.ask(book, request) : answer;
    if (JSON.stringify(again) !== JSON.stringify(answer)) found.changed += 1;
  }
  found.doubled = [...seats.values()].filter((many) => many > 1).length;
  return found;
}
