import { brotliDecompressSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import http from 'node:http';
import express from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { book, bookingWeekPath, type Week } from '#shared/booking/calls.ts';
import { readWeek } from '#shared/booking/week.ts';
import { saveShift } from '#shared/plan/calls.ts';
import { weekSpan } from '#shared/plan/slots-of.ts';
import { bookingRoutes } from '#server/booking/booking-routes.ts';
import { AHouse, aKey, aShownClip, aTicket, day, tuesdays, young } from './a-house.ts';

const counsellors = 30;
const monday = '2026-11-30';

let house: AHouse;
let server: http.Server;
let origin: string;
beforeEach(async () => {
  house = await AHouse.open();
  // Thirty counsellors, each two or three shifts a week, some in the house: 5,000 slots in four weeks.
  for (let at = 0; at < counsellors; at += 1) {
    const account = await house.counsellor(`Rådgiver ${at}`);
    for (let shift = 0; shift < 3; shift += 1) {
      const place =
        (at + shift) % 5 === 0
          ? ({ kind: 'drop-in', name: `Skole ${at % 10}`, address: `Skolevej ${at % 10}` } as const)
          : ({ kind: 'chat' } as const);
      const planned = tuesdays(account, {
        when: {
          repeats: 'weekly',
          weekday: ((at + shift * 2) % 5) + 1,
          from: '2026-11-23',
          until: null
        },
        start: `${String(8 + ((at * 3 + shift) % 3)).padStart(2, '0')}:${at % 2 === 0 ? '00' : '30'}`,
        end: `${String(15 + ((at + shift) % 4)).padStart(2, '0')}:00`,
        slotMinutes: 25,
        pauseMinutes: 5
      });
      await house.ask(saveShift, { shift: { ...planned, offer: { ...planned.offer, place } } });
    }
  }
  server = http.createServer(express().use(bookingRoutes(house.booking)));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 120_000);
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await house.stop();
});

/** As a phone asks: the bytes on the wire. */
const fetchWeek = (path: string): Promise<{ status: number; body: Buffer; encoding: string }> =>
  new Promise((got, failed) => {
    const request = http.get(
      origin + path,
      { headers: { 'accept-encoding': 'br' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          got({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks),
            encoding: String(response.headers['content-encoding'])
          })
        );
      }
    );
    request.on('error', failed);
  });

async function bookOne(slot: number): Promise<void> {
  const order = { slot, key: aKey(), ticket: aTicket().name, note: null, clip: aShownClip() };
  await house.ask(book, { visitor: young, purpose: 'conversation', orders: [order], proof: null });
}

test('a week of thirty counsellors is under 10 kB and answered in under 100 ms, while people book', async () => {
  const all = await house.booking.office.free.all();
  const month = all.filter(({ start }) => start < house.now + 28 * day);
  expect(month.length).toBeGreaterThanOrEqual(5000);
  // A third of the week is taken, here and there: what is left is no regular pattern any more.
  const span = weekSpan(monday, 'Europe/Copenhagen');
  const inWeek = all.filter(({ start }) => start >= span.from && start < span.until);
  for (const [at, { id }] of inWeek.entries()) if ((at * 7919) % 13 < 4) await bookOne(id);
  const times: number[] = [];
  let bytes = 0;
  for (let turn = 0; turn < 60; turn += 1) {
    // Every booking makes the week another one: nothing is answered from what was.
    const slot = month[turn * 7]?.id ?? 0;
    const order = { slot, key: aKey(), ticket: aTicket().name, note: null, clip: aShownClip() };
    await house.ask(book, {
      visitor: young,
      purpose: 'conversation',
      orders: [order],
      proof: null
    });
    const began = performance.now();
    const { status, body, encoding } = await fetchWeek(bookingWeekPath + monday);
    times.push(performance.now() - began);
    expect([status, encoding]).toEqual([200, 'br']);
    bytes = Math.max(bytes, body.length);
    if (turn > 0) continue;
    const week = JSON.parse(brotliDecompressSync(body).toString()) as Week;
    expect(readWeek(week).length).toBeGreaterThan(800);
  }
  const p95 = times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.95)] ?? 0;
  console.log(`${month.length} slots in 28 days: a week ${bytes} bytes, p95 ${p95.toFixed(1)} ms`);
  expect(bytes).toBeLessThan(10_000);
  expect(p95).toBeLessThan(100);
});

test('a week that nobody can book is not there', async () => {
  for (const path of ['2026-12-01', '2027-11-29', '2026-11-16', 'x', '2026-02-30'])
    expect((await fetchWeek(bookingWeekPath + path)).status).toBe(404);
});
