import { afterEach, beforeEach, expect, test } from 'vitest';
import { addNote } from '#shared/booking/calls.ts';
import { newNoteIdentity, sealNote } from '#shared/crypto/sealed-note.ts';
import { ticketName } from '#shared/crypto/ticket.ts';
import { conversationOfName } from '#server/booking/names.ts';
import { stolen } from '#tests/support/durable.ts';
import { AHouse } from './a-house.ts';
import { aSeries } from './a-series.ts';

const canary = 'Kanariefuglen hedder Svend og bor i Skovbrynet';

let house: AHouse;
beforeEach(async () => {
  house = await AHouse.open({ onDisk: true });
});
afterEach(() => house.stop());

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
  const { tickets } = await aSeries(house, 3);
  const { recipient } = await newNoteIdentity();
  for (const { ticket } of tickets) {
    const id = new Uint8Array(16);
    const note = await sealNote(canary, [recipient], { purpose: 'booking', id });
    if (!note.ok) throw new Error(note.refusal);
    const sealed = Buffer.from(note.sealed).toString('base64url');
    expect(await house.ask(addNote, { ticket, note: sealed })).toMatchObject({ ok: true });
    // What is there is what was sealed: the scan looks at the right bytes.
    expect(stolen(house.folder).includes(Buffer.from(note.sealed).subarray(-200))).toBe(true);
  }
  const found = stolen(house.folder);
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
