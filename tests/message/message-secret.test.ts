import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerIdentity, messageCode, newMessageSecret } from '#shared/crypto/message-secret.ts';
import { newNoteIdentity, openNote, recipientOf, sealNote } from '#shared/crypto/sealed-note.ts';
import { readLetter, writeLetter, LONGEST_LETTER } from '#shared/message/letter.ts';
import {
  messageCodeGroups,
  readMessageCode,
  writeMessageCode,
  writtenCodeLength
} from '#shared/message/written-code.ts';
import { readTicketCode } from '#shared/booking/ticket-code.ts';
import { readCode } from '#shared/klippekort/card-code.ts';

const secret = fc.uint8Array({ minLength: 17, maxLength: 17 });

test('a code that was written down is read back, and is no card and no ticket', () => {
  fc.assert(
    fc.property(secret, (bytes) => {
      const code = writeMessageCode(bytes);
      expect(code).toHaveLength(writtenCodeLength);
      const typed = messageCodeGroups(code.toLowerCase().replaceAll('0', 'o')).join(' ');
      expect(readMessageCode(typed)).toEqual({ ok: true, secret: bytes });
      expect(readTicketCode(code).ok).toBe(false);
      expect(readCode(code, Date.now()).ok).toBe(false);
    })
  );
});

test('one wrong character is found before anybody is asked', () => {
  fc.assert(
    fc.property(secret, fc.nat(29), fc.integer({ min: 1, max: 31 }), (bytes, place, by) => {
      const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
      const code = writeMessageCode(bytes).split('');
      const wrong = letters[(letters.indexOf(code[place] ?? '') + by) % 32] ?? '';
      expect(readMessageCode(code.with(place, wrong).join('')).ok).toBe(false);
    })
  );
  expect(readMessageCode('hej!')).toEqual({ ok: false, refusal: 'wrong-sign' });
  expect(readMessageCode('ABC')).toEqual({ ok: false, refusal: 'wrong-length' });
});

test('the secret opens the answer on any device; what the server is asked with does not', async () => {
  const mine = newMessageSecret();
  const identity = answerIdentity(mine);
  // As the library writes its own.
  const { identity: other } = await newNoteIdentity();
  expect(identity).toHaveLength(other.length);
  expect(identity.slice(0, 19)).toBe(other.slice(0, 19));
  const head = { purpose: 'answer' as const, id: new Uint8Array(16) };
  const answer = await sealNote('Kom på torsdag', [await recipientOf(identity)], head);
  if (!answer.ok) throw new Error(answer.refusal);
  expect(await openNote(answer.sealed, answerIdentity(mine), head)).toEqual({
    ok: true,
    text: 'Kom på torsdag'
  });
  for (const known of [messageCode(mine), newMessageSecret()])
    expect(await openNote(answer.sealed, answerIdentity(known), head)).toEqual({
      ok: false,
      refusal: 'not-for-this-key'
    });
});

test('a letter says who writes and whose answer it is, and the words are as they were', async () => {
  const text = 'Linje et\nlinje to\n\n';
  const { recipient } = await newNoteIdentity();
  for (const visitor of [
    { kind: 'young', age: 'under-18', language: 'da' },
    { kind: 'parent', age: null, language: 'tr' },
    { kind: 'professional', age: null, language: 'en' }
  ] as const) {
    const letter = writeLetter({ visitor, text }, recipient);
    expect(readLetter(letter, recipient)).toEqual({ visitor, text });
    const longest = writeLetter({ visitor, text: 'æ'.repeat(LONGEST_LETTER / 2) }, recipient);
    const head = { purpose: 'message' as const, id: new Uint8Array(16) };
    expect((await sealNote(longest, [recipient], head)).ok).toBe(true);
    // A server that gives its own recipient for the answer is found out.
    expect(readLetter(letter, (await newNoteIdentity()).recipient)).toBe(null);
  }
  for (const wrong of ['', 'young - da\nhej', 'parent - da x\nhej', 'hej'])
    expect(readLetter(wrong, recipient)).toBe(null);
});
