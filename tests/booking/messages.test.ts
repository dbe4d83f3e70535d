import { ed25519 } from '@noble/curves/ed25519.js';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  answerMessage,
  forgetMessage,
  leaveMessage,
  lookForAnswer,
  putRecipient,
  readMessage,
  teamRecipients,
  waitingMessages
} from '#shared/booking/message-calls.ts';
import { createOrganisationKey, issueCertificate } from '#shared/crypto/certificate.ts';
import { codeName, messageId } from '#shared/crypto/message-code.ts';
import { newNoteIdentity, openNote, sealNote } from '#shared/crypto/sealed-note.ts';
import { signedRecipient, trustedRecipients } from '#shared/crypto/team-recipients.ts';
import { AHouse, day } from './a-house.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
const refused = (refusal: string) => ({ ok: false, refusal });

let house: AHouse;
let sofie: string;
beforeEach(async () => {
  house = await AHouse.open();
  sofie = await house.counsellor('Sofie');
});
afterEach(() => house.stop());

/** Sofie says with her certified key where notes to her are sealed to. */
async function sofieReads() {
  const organisation = await createOrganisationKey();
  const secretKey = ed25519.utils.randomSecretKey();
  const { identity, recipient } = await newNoteIdentity();
  const certificate = await issueCertificate({
    organisationSecretKey: organisation.secretKey,
    role: 'counsellor',
    publicKey: ed25519.getPublicKey(secretKey),
    notBefore: house.now
  });
  const signature = ed25519.sign(signedRecipient(recipient), secretKey);
  const request = { recipient, certificate: text(certificate), signature: text(signature) };
  expect(await house.ask(putRecipient, request, sofie)).toEqual({ ok: true, value: {} });
  return { identity, organisationKey: organisation.publicKey, request };
}

const code = () => {
  const secret = randomBytes(32);
  return { secret: text(secret), name: codeName(secret) };
};

describe('out of hours', () => {
  test('a message is read by the team, and its answer by who left it', async () => {
    const { identity, organisationKey } = await sofieReads();
    // The visitor's device: the list, checked, and the words sealed to it.
    const list = await house.ask(teamRecipients, {});
    if (!list.ok) throw new Error(list.refusal);
    const recipients = trustedRecipients(
      list.value.recipients.map(({ recipient, certificate, signature }) => ({
        recipient,
        certificate: bytes(certificate),
        signature: bytes(signature)
      })),
      { organisationKey, now: house.now }
    );
    expect(recipients).toHaveLength(1);
    const mine = code();
    const id = messageId(mine.name);
    const own = await newNoteIdentity();
    const words = await sealNote('Må jeg komme på torsdag?', recipients, {
      purpose: 'message',
      id
    });
    if (!words.ok) throw new Error(words.refusal);
    const message = {
      code: text(mine.name),
      sealed: text(words.sealed),
      recipient: own.recipient,
      proof: 'good'
    };
    const left = await house.ask(leaveMessage, message);
    expect(left).toMatchObject({ ok: true });
    expect(await house.ask(leaveMessage, { ...message, proof: 'used' })).toEqual(left);
    expect(await house.ask(lookForAnswer, { code: mine.secret })).toEqual({
      ok: true,
      value: { answer: null, until: expect.any(Number) }
    });

    // Sofie, the next morning.
    const waiting = await house.ask(waitingMessages, {}, sofie);
    const [first] = waiting.ok ? waiting.value.messages : [];
    if (!first) throw new Error('no message');
    expect(first.days).toBe(7);
    const read = await house.ask(readMessage, { message: first.message }, sofie);
    if (!read.ok) throw new Error(read.refusal);
    const head = { purpose: 'message' as const, id: bytes(read.value.id) };
    expect(await openNote(bytes(read.value.sealed), identity, head)).toEqual({
      ok: true,
      text: 'Må jeg komme på torsdag?'
    });
    const answer = await sealNote('Ja, kom kl. 15.', [read.value.recipient], {
      ...head,
      purpose: 'answer'
    });
    if (!answer.ok) throw new Error(answer.refusal);
    const sent = { message: first.message, sealed: text(answer.sealed) };
    expect(await house.ask(answerMessage, sent, sofie)).toEqual({ ok: true, value: {} });
    expect(await house.ask(answerMessage, sent, sofie)).toEqual(refused('already-answered'));
    expect(await house.ask(waitingMessages, {}, sofie)).toEqual({
      ok: true,
      value: { messages: [] }
    });

    // Whoever has the code.
    const look = await house.ask(lookForAnswer, { code: mine.secret });
    const sealed = look.ok ? (look.value.answer ?? '') : '';
    expect(await openNote(bytes(sealed), own.identity, { purpose: 'answer', id })).toEqual({
      ok: true,
      text: 'Ja, kom kl. 15.'
    });
    await house.ask(forgetMessage, { code: mine.secret });
    expect(await house.ask(lookForAnswer, { code: mine.secret })).toEqual(refused('unknown-code'));
    expect(await house.ask(readMessage, { message: first.message }, sofie)).toEqual(
      refused('unknown-message')
    );
  });

  test('it is gone after seven days, answered or not', async () => {
    const mine = code();
    const { recipient } = await newNoteIdentity();
    const message = { code: text(mine.name), sealed: 'AAAA', recipient, proof: 'good' };
    await house.ask(leaveMessage, message);
    house.now += 7 * day;
    await house.booking.tidy();
    expect(await house.ask(lookForAnswer, { code: mine.secret })).toMatchObject({ ok: true });
    house.now += day;
    expect(await house.ask(lookForAnswer, { code: mine.secret })).toEqual(refused('unknown-code'));
    await house.booking.tidy();
    // Fifty who guess are told the same as who comes too late.
    for (let guess = 0; guess < 50; guess += 1)
      expect(await house.ask(lookForAnswer, { code: code().secret })).toEqual(
        refused('unknown-code')
      );
    expect(await house.durable.messages.waiting()).toEqual([]);
  });

  test('what is wrong is named', async () => {
    const mine = code();
    const { recipient } = await newNoteIdentity();
    const message = { code: text(mine.name), sealed: 'AAAA', recipient, proof: 'good' };
    expect(await house.ask(leaveMessage, { ...message, proof: 'bad' })).toEqual(
      refused('proof-refused')
    );
    expect(await house.ask(leaveMessage, { ...message, sealed: 'A'.repeat(41_000) })).toEqual(
      refused('note-too-long')
    );
    await house.ask(leaveMessage, message);
    expect(await house.ask(leaveMessage, { ...message, sealed: 'BBBB' })).toEqual(
      refused('code-known')
    );
    // The name of a code opens nothing.
    expect(await house.ask(lookForAnswer, { code: text(mine.name) })).toEqual(
      refused('unknown-code')
    );
    const classic = {
      ...message,
      recipient: 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9'
    };
    expect(await house.ask(leaveMessage, classic)).toEqual(refused('malformed-request'));
    const { request } = await sofieReads();
    const other = await newNoteIdentity();
    expect(
      await house.ask(putRecipient, { ...request, recipient: other.recipient }, sofie)
    ).toEqual(refused('not-signed'));
  });
});
