import { randomInt } from 'node:crypto';

/** A string that occurs nowhere else in the world, to be looked for in everything that is kept. */
export interface Canary {
  readonly name: string;
  readonly text: string;
}

export interface Find {
  readonly canary: string;
  /** How it was written there, e.g. `base64 of utf-8`. */
  readonly form: string;
  readonly where: string;
  readonly at: number;
}

/** Something to search: a file, a frame, a line of output. */
export interface Haystack {
  readonly where: string;
  readonly bytes: Buffer;
}

interface Needle {
  readonly canary: string;
  readonly form: string;
  readonly bytes: Buffer;
}

export const alphabets = {
  ascii: 'bcdfghjkmnpqrstvwxz',
  danish: 'æøåÆØÅéü',
  arabic: 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي'
} as const;

/** 14 random letters of one alphabet: at least 42 bits. */
export function aCanary(name: string, alphabet: keyof typeof alphabets = 'ascii'): Canary {
  const letters = alphabets[alphabet];
  const text = Array.from({ length: 14 }, () => letters[randomInt(letters.length)]).join('');
  return { name, text };
}

/** Every place where a canary is written in one of its forms. */
export function search(canaries: readonly Canary[], haystacks: Iterable<Haystack>): Find[] {
  const needles = canaries.flatMap(({ name, text }) => needlesOf(name, formsOf(text)));
  return searchFor(needles, haystacks);
}

/** The same for bytes that are no text, e.g. a conversation's sixteen. */
export function searchBytes(name: string, bytes: Buffer, haystacks: Iterable<Haystack>): Find[] {
  return searchFor(needlesOf(name, [['raw', bytes], ...writtenForms('bytes', bytes)]), haystacks);
}

function searchFor(needles: readonly Needle[], haystacks: Iterable<Haystack>): Find[] {
  const found: Find[] = [];
  for (const { where, bytes } of haystacks)
    for (const needle of needles) {
      const at = bytes.indexOf(needle.bytes);
      if (at >= 0) found.push({ canary: needle.canary, form: needle.form, where, at });
    }
  return found;
}

type Form = readonly [name: string, bytes: Buffer];

/** A canary as text in several encodings, and each of them written out in letters and digits. */
function formsOf(text: string): Form[] {
  const encodings: Form[] = [
    ['utf-8', Buffer.from(text)],
    ['utf-16', Buffer.from(text, 'utf16le')]
  ];
  // How V8 and old file formats hold text without letters beyond U+00FF.
  const latin1 = Buffer.from(text, 'latin1');
  if (latin1.toString('latin1') === text) encodings.push(['latin-1', latin1]);
  return [...encodings, ...encodings.flatMap((form) => writtenForms(...form)), ...escaped(text)];
}

function writtenForms(encoding: string, bytes: Buffer): Form[] {
  const hex = bytes.toString('hex');
  const percent = hex.replace(/../g, '%$&');
  return [
    ...base64Forms(bytes),
    ['hex', hex] as const,
    ['hex', hex.toUpperCase()] as const,
    ['percent-encoded', percent] as const,
    ['percent-encoded', percent.toUpperCase()] as const
  ].flatMap(([name, written]) => letters(`${name} of ${encoding}`, written));
}

/** Within base64 the same bytes look different at each of three places; the edges belong to neighbours. */
function base64Forms(bytes: Buffer): (readonly [string, string])[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const written = whole
      .toString('base64')
      .slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6));
    const urlSafe = written.replaceAll('+', '-').replaceAll('/', '_');
    return [['base64', written] as const, ['base64url', urlSafe] as const];
  });
}

/** As in JSON, with the letters outside ASCII or all of them as \u. */
function escaped(text: string): Form[] {
  const escape = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const all = Array.from(text, escape).join('');
  const upper = all.replace(/[a-f]/g, (digit) => digit.toUpperCase());
  return [
    ...letters('\\u', all),
    ...letters('\\u', upper),
    ...letters('percent-encoded', encodeURIComponent(text))
  ];
}

/** ASCII in one byte a letter, and in two as browsers store it. */
const letters = (name: string, written: string): Form[] => [
  [name, Buffer.from(written, 'latin1')],
  [`${name}, in utf-16`, Buffer.from(written, 'utf16le')]
];

function needlesOf(canary: string, forms: readonly Form[]): Needle[] {
  // Of forms that look the same the first gives the name.
  const different = new Map(
    forms.toReversed().map(([form, bytes]) => [bytes.toString('latin1'), form])
  );
  return [...different].map(([bytes, form]) => ({
    canary,
    form,
    bytes: Buffer.from(bytes, 'latin1')
  }));
}
