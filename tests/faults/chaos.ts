import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { book } from '#shared/booking/calls.ts';
import { saveShift } from '#shared/plan/calls.ts';
import type { AnswerOf, RequestOf } from '#shared/wire/define-call.ts';
import { storedTicket } from '#server/booking/names.ts';
import {
  AHouse,
  aKey,
  aShownClip,
  aTicket,
  clipIdOf,
  tuesdays,
  young
} from '#tests/booking/a-house.ts';
import { putBack } from './put-back.ts';

type Request = RequestOf<typeof book>;
type Answer = AnswerOf<typeof book>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const inFlight = 24;

export interface Chaos {
  readonly slots: number;
  readonly bookings: number;
  /** Milliseconds between two kills, from when it serves. */
  readonly killEvery: number;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly seed: number;
}

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
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Books while the process is killed again and again and the power is cut each time, and counts what is missing. */
export async function bookInChaos(chaos: Chaos): Promise<Found> {
  const began = performance.now();
  const house = await AHouse.open({ onDisk: true });
  const notes = mkdtempSync(join(tmpdir(), 'frirum-notes-'));
  mkdirSync(notes, { recursive: true });
  const library = powerCut();
  const slots = await planSlots(house, chaos.slots);
  // Closed, so that what comes after begins from what is on the disk.
  await house.durable.close();

  const chance = numbers(chaos.seed);
  const requests = Array.from({ length: chaos.bookings }, (_, at): Request => {
    const slot = slots[at % slots.length] ?? 0;
    const clip = aShownClip();
    const order = { slot, key: aKey(), ticket: aTicket().name, note: null, clip };
    return { visitor: young, purpose: 'conversation', orders: [order], proof: null };
  })
    .map((request) => ({ request, place: chance() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ request }) => request);

  const answers = new Map<number, Answer>();
  let [kills, undone] = [0, 0];
  while (answers.size < requests.length) {
    const child = await startHouse(house, library, notes, chaos.synchronous);
    await serveUntil(child, requests, answers, chaos.killEvery * (0.5 + chance()));
    kills += 1;
    undone += putBack(house.folder, notes);
  }
  await house.restart();
  const found = await count(house, requests, answers);
  await house.stop();
  rmSync(notes, { recursive: true });
  return { ...found, kills, undone, seconds: (performance.now() - began) / 1000 };
}

/** So many slots, of as many counsellors as it takes. */
async function planSlots(house: AHouse, many: number): Promise<number[]> {
  for (let at = 0; (await house.booking.office.free.all()).length < many; at += 1) {
    const account = await house.counsellor(`Sofie ${at}`);
    const day = tuesdays(account, { start: '08:00', slotMinutes: 15, pauseMinutes: 0 });
    await house.ask(saveShift, { shift: day });
  }
  return (await house.booking.office.free.all()).slice(0, many).map(({ id }) => id);
}

async function startHouse(
  { folder, secret, now }: AHouse,
  library: string,
  notes: string,
  synchronous: string
): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      join(root, 'tests/faults/booking-process.ts'),
      ...[folder, Buffer.from(secret).toString('hex'), String(now), synchronous]
    ],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { PATH: process.env['PATH'], LD_PRELOAD: library, POWER_CUT_NOTES: notes }
    }
  );
  await new Promise<void>((ready, failed) => {
    child.once('message', () => ready());
    child.once('exit', (status) => failed(new Error(`ended with ${status}`)));
  });
  return child;
}

/** Sends what is not answered yet, and pulls the plug after a while. */
function serveUntil(
  child: ChildProcess,
  requests: readonly Request[],
  answers: Map<number, Answer>,
  after: number
): Promise<void> {
  const left = [...requests.keys()].filter((id) => !answers.has(id)).values();
  return new Promise((over) => {
    const send = () => {
      const { value: id, done } = left.next();
      if (!done && child.connected) child.send({ id, request: requests[id] }, () => {});
      return !done;
    };
    child.on('message', ({ id, answer }: { id: number; answer?: Answer }) => {
      if (answer) answers.set(id, answer);
      if (!send() && answers.size === requests.length) child.kill('SIGKILL');
    });
    child.once('exit', () => over());
    for (let many = 0; many < inFlight; many += 1) send();
    setTimeout(() => child.kill('SIGKILL'), after);
  });
}

async function count(
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
