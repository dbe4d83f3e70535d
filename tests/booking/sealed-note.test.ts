import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { createOrganisationKey, issueCertificate } from '#shared/crypto/certificate.ts';
import {
  LONGEST_NOTE,
  LONGEST_SEALED,
  MOST_RECIPIENTS,
  newNoteIdentity,
  openNote,
  rosterHash,
  sealNote
} from '#shared/crypto/sealed-note.ts';
import {
  checkRecipient,
  isOwnRecipient,
  signedRecipient,
  trustedRecipients
} from '#shared/crypto/team-recipients.ts';
import { bookingConversation, newTicket, ticketName } from '#shared/crypto/ticket.ts';

const id = new Uint8Array(16).fill(7);
const head = { purpose: 'booking' as const, id };
const sealed = async (text: string, recipients: readonly string[]) => {
  const answer = await sealNote(text, recipients, head);
  if (!answer.ok) throw new Error(answer.refusal);
  return answer.sealed;
};
/** A recipient of the older kind, as the age tool makes them by default. */
const classic = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

describe('a note to the team', () => {
  test('is read by each of them and by nobody else', async () => {
    const [one, two, other] = await Promise.all([
      newNoteIdentity(),
      newNoteIdentity(),
      newNoteIdentity()
    ]);
    const recipients = [one.recipient, two.recipient];
    const note = await sealed('Jeg kommer med en ven. Æ ø å 🙂', recipients);
    const roster = rosterHash(recipients.toReversed());
    for (const { identity } of [one, two])
      expect(await openNote(note, identity, { ...head, roster })).toEqual({
        ok: true,
        text: 'Jeg kommer med en ven. Æ ø å 🙂'
      });
    expect(await openNote(note, other.identity, head)).toEqual({
      ok: false,
      refusal: 'not-for-this-key'
    });
    expect(Buffer.from(note).includes('kommer med')).toBe(false);
  });

  test('has one of four lengths, whatever it says', async () => {
    const { recipient } = await newNoteIdentity();
    const lengths = new Set<number>();
    for (const length of [0, 1, 400, 461, 900, 1900, 3000, LONGEST_NOTE])
      lengths.add((await sealed('a'.repeat(length), [recipient])).length);
    expect(lengths.size).toBe(4);
  });

  test('is refused where it is too long, for nobody, for too many or for a classic key', async () => {
    const { recipient } = await newNoteIdentity();
    const refused = async (text: string, recipients: string[]) => {
      const answer = await sealNote(text, recipients, head);
      return answer.ok ? null : answer.refusal;
    };
    expect(await refused('a'.repeat(LONGEST_NOTE + 1), [recipient])).toBe('note-too-long');
    expect(await refused('æ'.repeat(LONGEST_NOTE / 2 + 1), [recipient])).toBe('note-too-long');
    expect(await refused('a', [])).toBe('no-recipients');
    expect(await refused('a', Array(MOST_RECIPIENTS + 1).fill(recipient))).toBe(
      'too-many-recipients'
    );
    expect(await refused('a', [recipient, classic])).toBe('classic-recipient');
  });

  test('of the longest kind to the most people passes the door', async () => {
    const all = await Promise.all(Array.from({ length: MOST_RECIPIENTS }, newNoteIdentity));
    const note = await sealed(
      'a'.repeat(LONGEST_NOTE),
      all.map(({ recipient }) => recipient)
    );
    expect(note.length).toBeLessThanOrEqual(LONGEST_SEALED);
    expect(LONGEST_SEALED - note.length).toBeLessThan(2500);
  });

  test('tampered with, swapped, or for another list is refused', async () => {
    const { identity, recipient } = await newNoteIdentity();
    const note = await sealed('hej', [recipient]);
    const refusal = async (bytes: Uint8Array, expected: Parameters<typeof openNote>[2]) => {
      const answer = await openNote(bytes, identity, expected);
      return answer.ok ? null : answer.refusal;
    };
    for (const at of [0, 40, 400, note.length - 1]) {
      const changed = note.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await refusal(changed, head)).toBe('not-for-this-key');
    }
    expect(await refusal(note.slice(0, -1), head)).toBe('not-for-this-key');
    expect(await refusal(note, { ...head, purpose: 'message' })).toBe('wrong-purpose');
    expect(await refusal(note, { ...head, id: new Uint8Array(16) })).toBe('wrong-note');
    expect(await refusal(note, { ...head, roster: rosterHash([classic]) })).toBe('wrong-roster');
  });
});

describe('who can read', () => {
  const now = Date.UTC(2026, 10, 23);
  const day = 86_400_000;

  /** A counsellor with a certificate and a recipient of their own. */
  async function aReader(organisationSecretKey: Uint8Array, notBefore = now - day) {
    const secretKey = ed25519.utils.randomSecretKey();
    const publicKey = ed25519.getPublicKey(secretKey);
    const { recipient } = await newNoteIdentity();
    const certificate = await issueCertificate({
      ...{ organisationSecretKey, publicKey, notBefore },
      role: 'counsellor'
    });
    return {
      recipient,
      certificate,
      signature: ed25519.sign(signedRecipient(recipient), secretKey)
    };
  }

  test('is who the organisation certified, and says so with the certified key', async () => {
    const [ours, theirs] = [await createOrganisationKey(), await createOrganisationKey()];
    const trust = { organisationKey: ours.publicKey, now };
    const [one, two] = [await aReader(ours.secretKey), await aReader(ours.secretKey)];
    expect(checkRecipient(one, trust)).toBeNull();
    expect(isOwnRecipient(one)).toBe(true);
    const stranger = await aReader(theirs.secretKey);
    const old = await aReader(ours.secretKey, now - 20 * day);
    // The server's own key in place of a counsellor's, under a certificate that is real.
    const swapped = { ...one, recipient: stranger.recipient };
    const mixed = { ...one, recipient: classic };
    expect(checkRecipient(stranger, trust)).toBe('bad-signature');
    expect(checkRecipient(old, trust)).toBe('expired');
    expect(checkRecipient(swapped, trust)).toBe('bad-recipient-signature');
    expect(isOwnRecipient(swapped)).toBe(false);
    expect(checkRecipient(mixed, trust)).toBe('classic-recipient');
    expect(checkRecipient({ ...one, certificate: new Uint8Array(9) }, trust)).toBe('malformed');
    expect(trustedRecipients([two, stranger, old, swapped, mixed, one], trust)).toEqual(
      [one.recipient, two.recipient].toSorted()
    );
  });
});

test('a ticket, its name and its conversation are three things', () => {
  const [one, two] = [newTicket(), newTicket()];
  expect(one).toHaveLength(32);
  expect(one).not.toEqual(two);
  expect(ticketName(one)).toHaveLength(32);
  expect(ticketName(one)).toEqual(ticketName(one.slice()));
  expect(ticketName(one)).not.toEqual(ticketName(two));
  expect(bookingConversation(ticketName(one))).toHaveLength(16);
  expect(bookingConversation(ticketName(one))).not.toEqual(ticketName(one).slice(0, 16));
});
