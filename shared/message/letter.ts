import * as v from 'valibot';
import { LONGEST_NOTE } from '../crypto/sealed-note.ts';
import { Visitor } from '../visitor/visitor.ts';

/** Room for the first line. */
const HEAD_BYTES = 44;
/** The longest words of a message, in bytes of UTF-8. */
export const LONGEST_LETTER = LONGEST_NOTE - HEAD_BYTES;

/** What is sealed to the team: who writes, as they say it themselves, and the words. */
export interface Letter {
  readonly visitor: Visitor;
  readonly text: string;
}

/** One line `young under-18 da`, then the words: the server learns neither. */
export const writeLetter = ({ visitor: { kind, age, language }, text }: Letter): string =>
  `${kind} ${age ?? '-'} ${language}\n${text}`;

/** @returns null for what is no letter; the words may have lines of their own */
export function readLetter(letter: string): Letter | null {
  const end = letter.indexOf('\n');
  if (end < 0) return null;
  const [kind, age, language, ...rest] = letter.slice(0, end).split(' ');
  const visitor = v.safeParse(Visitor, { kind, age: age === '-' ? null : age, language });
  if (!visitor.success || rest.length > 0) return null;
  return { visitor: visitor.output, text: letter.slice(end + 1) };
}
