import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AHouse } from '#tests/booking/a-house.ts';
import {
  count,
  numbers,
  ordersFor,
  planSlots,
  powerCut,
  root,
  type Answer,
  type Found,
  type Request
} from './losses.ts';
import { putBack } from './put-back.ts';

const inFlight = 24;

export interface Chaos {
  readonly slots: number;
  readonly bookings: number;
  /** Milliseconds between two kills, from when it serves. */
  readonly killEvery: number;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly seed: number;
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
  const requests = ordersFor(slots, chaos.bookings, chance);

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
