import * as v from 'valibot';
import { LONGEST_NOTE, rosterHash } from '../crypto/sealed-note.ts';
import { Visitor } from '../visitor/visitor.ts';
import { toBase64Url } from '../wire/bytes.ts';

/** Room for the first line. */
const HEAD_BYTES = 88;
/** The longest words of a message, in bytes of UTF-8. */
export const LONGEST_LETTER = LONGEST_NOTE - HEAD_BYTES;

/** What is sealed to the team: who writes, as they say it themselves, and the words. */
export interface Letter {
  readonly visitor: Visitor;
  readonly text: string;
}

const nameOf = (recipient: string): string => toBase64Url(rosterHash([recipient]));

/**
 * One line `young under-18 da HASH`, then the words: the server learns neither.
 * @param recipient of the answer, age1pq1…: named by its hash within the seal, so that the server cannot give its own
 */
export const writeLetter = ({ visitor, text }: Letter, recipient: string): string =>
  `${visitor.kind} ${visitor.age ?? '-'} ${visitor.language} ${nameOf(recipient)}\n${text}`;

/**
 * @param recipient that the server says an answer is to be sealed to
 * @returns null for what is no letter, or names another recipient; the words may have lines of their own
 */
export function readLetter(letter: string, recipient: string): Letter | null {
  const end = letter.indexOf('\n');
  if (end < 0) return null;
  const [kind, age, language, name, ...rest] = letter.slice(0, end).split(' ');
  const visitor = v.safeParse(Visitor, { kind, age: age === '-' ? null : age, language });
  if (!visitor.success || rest.length > 0 || name !== nameOf(recipient)) return null;
  return { visitor: visitor.output, text: letter.slice(end + 1) };
}
