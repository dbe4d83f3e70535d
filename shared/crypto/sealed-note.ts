import { labelled, joinBytes } from './fields.ts';
import { sha256 } from '@noble/hashes/sha2.js';

/** Every note is sealed at one of these lengths, so that its length says little. */
export const NOTE_LENGTHS = [512, 1024, 2048, 4096] as const;
/** Of the padded note: two bytes for its length, and the head. */
const LENGTH_BYTES = 2;
const HEAD_BYTES = 1 + 1 + 32 + 16;
/** The longest text of a note, in bytes of UTF-8. */
export const LONGEST_NOTE = 4096 - LENGTH_BYTES - HEAD_BYTES;
/** A note can be sealed to this many: each adds a stanza of ML-KEM-768 with X25519. */
export const MOST_RECIPIENTS = 16;

/** Of a sealed note: the age header's two fixed lines, one stanza a recipient, nonce and tag. */
const FIXED_BYTES = 256;
const STANZA_BYTES = 1600;
export const LONGEST_SEALED = FIXED_BYTES + MOST_RECIPIENTS * STANZA_BYTES + 4096;

export type NotePurpose = 'booking' | 'message' | 'answer';
const purposes: readonly NotePurpose[] = ['booking', 'message', 'answer'];
const VERSION = 1;

/** What is sealed with the words, so that a note cannot be passed off as another one. */
export interface NoteHead {
  readonly purpose: NotePurpose;
  /** rosterHash of the recipients it is sealed to, 32 bytes. */
  readonly roster: Uint8Array;
  /** What it belongs to, 16 bytes: the booking's conversation, or the message's id. */
  readonly id: Uint8Array;
}

export type SealRefusal =
  'note-too-long' | 'no-recipients' | 'too-many-recipients' | 'classic-recipient';
export type OpenRefusal =
  'not-for-this-key' | 'malformed' | 'wrong-purpose' | 'wrong-note' | 'wrong-roster';

/** Recipients of ML-KEM-768 with X25519 (age1pq…, C2SP age): nothing that a later machine opens. */
export const isPostQuantum = (recipient: string): boolean =>
  /^age1pq1[0-9a-z]{1,2100}$/.test(recipient);

/** H(recipients in order), 32 bytes (SHA-256): which list a note was sealed to. */
export const rosterHash = (recipients: readonly string[]): Uint8Array =>
  sha256(labelled('frirum roster v1', ...recipients.toSorted().map(utf8)));

/** Whether bytes in base64url can be one sealed note: what is longer was not made here. */
export const isSealedLength = (text: string): boolean => (text.length * 3) / 4 <= LONGEST_SEALED;

/**
 * Seals a text for recipients, every one of them age1pq…: age v1 (C2SP age) over u8 version ‖ u8 purpose ‖
 * roster32 ‖ id16 ‖ u16 length ‖ text, with zeros up to one of NOTE_LENGTHS.
 */
export async function sealNote(
  text: string,
  recipients: readonly string[],
  head: Omit<NoteHead, 'roster'>
): Promise<{ ok: true; sealed: Uint8Array } | { ok: false; refusal: SealRefusal }> {
  const refused = (refusal: SealRefusal) => ({ ok: false, refusal }) as const;
  const bytes = utf8(text);
  if (bytes.length > LONGEST_NOTE) return refused('note-too-long');
  if (recipients.length === 0) return refused('no-recipients');
  if (recipients.length > MOST_RECIPIENTS) return refused('too-many-recipients');
  // The library takes mixed lists, and a mixed list is as weak as its weakest.
  if (!recipients.every(isPostQuantum)) return refused('classic-recipient');
  const { Encrypter } = await import('age-encryption');
  const age = new Encrypter();
  for (const recipient of recipients) age.addRecipient(recipient);
  const plain = writeNote({ ...head, roster: rosterHash(recipients) }, bytes);
  return { ok: true, sealed: await age.encrypt(plain) };
}

/**
 * Opens a note with an identity (AGE-SECRET-KEY-PQ-1…). `expected` is what it must belong to; id and roster are
 * compared where they are given: a desk does not know a ticket's conversation before somebody comes.
 */
export async function openNote(
  sealed: Uint8Array,
  identity: string,
  expected: Pick<NoteHead, 'purpose'> & Partial<Pick<NoteHead, 'id' | 'roster'>>
): Promise<{ ok: true; text: string } | { ok: false; refusal: OpenRefusal }> {
  const refused = (refusal: OpenRefusal) => ({ ok: false, refusal }) as const;
  const { Decrypter } = await import('age-encryption');
  let plain: Uint8Array;
  try {
    const age = new Decrypter();
    age.addIdentity(identity);
    plain = await age.decrypt(sealed);
  } catch {
    return refused('not-for-this-key');
  }
  const note = readNote(plain);
  if (!note) return refused('malformed');
  if (note.head.purpose !== expected.purpose) return refused('wrong-purpose');
  if (expected.id && !isSame(note.head.id, expected.id)) return refused('wrong-note');
  if (expected.roster && !isSame(note.head.roster, expected.roster)) return refused('wrong-roster');
  return { ok: true, text: note.text };
}

/** A new identity, and the recipient that belongs to it. */
export async function newNoteIdentity(): Promise<{ identity: string; recipient: string }> {
  const { generateHybridIdentity, identityToRecipient } = await import('age-encryption');
  const identity = await generateHybridIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The recipient, age1pq1…, that belongs to an identity AGE-SECRET-KEY-PQ-1…. @throws when it is none */
export async function recipientOf(identity: string): Promise<string> {
  const { identityToRecipient } = await import('age-encryption');
  return identityToRecipient(identity);
}

function writeNote({ purpose, roster, id }: NoteHead, text: Uint8Array): Uint8Array {
  if (roster.length !== 32 || id.length !== 16)
    throw new RangeError('a note has roster32 and id16');
  const body = joinBytes(
    Uint8Array.of(VERSION, purposes.indexOf(purpose)),
    roster,
    id,
    Uint8Array.of(text.length >> 8, text.length & 255),
    text
  );
  const length = NOTE_LENGTHS.find((padded) => body.length <= padded) ?? 4096;
  return joinBytes(body, new Uint8Array(length - body.length));
}

function readNote(plain: Uint8Array): { head: NoteHead; text: string } | null {
  if (!NOTE_LENGTHS.some((length) => length === plain.length) || plain[0] !== VERSION) return null;
  const purpose = purposes[plain[1] ?? 255];
  const textAt = HEAD_BYTES + LENGTH_BYTES;
  const length = ((plain[HEAD_BYTES] ?? 0) << 8) | (plain[HEAD_BYTES + 1] ?? 0);
  const padding = plain.subarray(textAt + length);
  if (!purpose || textAt + length > plain.length || padding.some((byte) => byte !== 0)) return null;
  const head = { purpose, roster: plain.slice(2, 34), id: plain.slice(34, HEAD_BYTES) };
  try {
    const text = new TextDecoder('utf-8', { fatal: true });
    return { head, text: text.decode(plain.subarray(textAt, textAt + length)) };
  } catch {
    return null;
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** None of them is a secret from who compares. */
const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
