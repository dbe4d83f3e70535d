import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addNote, book } from '#shared/booking/calls.ts';
import { newNoteIdentity, sealNote } from '#shared/crypto/sealed-note.ts';
import { ticketName } from '#shared/crypto/ticket.ts';
import { saveShift } from '#shared/plan/calls.ts';
import { conversationOfName } from '#server/booking/names.ts';
import { AHouse, aKey, aShownClip, aTicket, day, tuesdays, young } from './a-house.ts';

const canary = 'Kanariefuglen hedder Svend og bor i Skovbrynet';

let house: AHouse;
beforeEach(() => {
  house = new AHouse({ onDisk: true });
});
afterEach(() => house.stop());

/** Every file of the store, as somebody carries it away while the server runs. */
const stolen = () =>
  Buffer.concat(readdirSync(house.folder).map((name) => readFileSync(join(house.folder, name))));

async function aSeries(many: number) {
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

/** A secret in every form it could be written in. */
const forms = (text: string): Buffer[] => {
  const bytes = Buffer.from(text, 'base64url');
  return [
    bytes,
    Buffer.from(text),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('base64'))
  ];
};

test('what is stolen holds no note, no ticket, no key and no conversation', async () => {
  const { tickets } = await aSeries(3);
  const { recipient } = await newNoteIdentity();
  for (const { ticket } of tickets) {
    const id = new Uint8Array(16);
    const note = await sealNote(canary, [recipient], { purpose: 'booking', id });
    if (!note.ok) throw new Error(note.refusal);
    const sealed = Buffer.from(note.sealed).toString('base64url');
    expect(await house.ask(addNote, { ticket, note: sealed })).toMatchObject({ ok: true });
    // What is there is what was sealed: the scan looks at the right bytes.
    expect(stolen().includes(Buffer.from(note.sealed).subarray(-200))).toBe(true);
  }
  const found = stolen();
  expect(found.includes(canary)).toBe(false);
  expect(found.includes('Svend')).toBe(false);
  for (const { ticket, name, key } of tickets) {
    expect(Buffer.from(ticketName(Buffer.from(ticket, 'base64url'))).toString('base64url')).toBe(
      name
    );
    for (const secret of [ticket, name, key, conversationOfName(name)])
      for (const form of forms(secret)) expect(found.includes(form)).toBe(false);
  }
});

test('of two bookings of one series no two rows say anything that is not said of thousands', async () => {
  await aSeries(5);
  const database = new DatabaseSync(join(house.folder, 'frirum.sqlite'), { readOnly: true });
  // Said of everybody of a kind, or by the plan: no number, hash or time that is somebody's.
  const common = new Set([
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
  for (const table of ['booking', 'booking_done', 'clip_spent', 'clip_open', 'clip_conversation']) {
    const rows = database.prepare(`SELECT * FROM ${table}`).all();
    expect(rows, table).toHaveLength(5);
    for (const column of Object.keys(rows[0] ?? {})) {
      const values = rows.map((row) => String(row[column]));
      const isEmpty = values.every((value) => value === 'null');
      if (!common.has(column) && !isEmpty)
        expect(new Set(values).size, `${table}.${column}`).toBe(5);
    }
    // No hidden row number tells in which order they came.
    expect(() => database.prepare(`SELECT rowid FROM ${table}`).all(), table).toThrow('rowid');
  }
  database.close();
  // Nor does the log, in which they were written side by side.
  const log = readFileSync(join(house.folder, 'frirum.sqlite-wal'));
  expect(log.length).toBe(0);
});
