import { isCpr, looksLikeDate } from './dates.ts';
import { fullNames } from './names.ts';
import { addresses, handles } from './places.ts';

export type TellingKind = 'name' | 'phone' | 'email' | 'address' | 'cpr' | 'handle';

/** A part of a text that says who wrote it: from the first character of it to before the next. */
export interface Telling {
  readonly kind: TellingKind;
  readonly from: number;
  readonly to: number;
}

const email = /[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{2,63})+/gu;
const cpr = /(?<![\d+])\d{6}[- ]?\d{4}(?!\d)/g;
/** With a plus or two zeros: a country's number first. */
const international = /(?<!\d)(?:\+|00)[ ]?[1-9]\d{0,2}(?:[ .()-]{0,2}\d){6,11}(?!\d)/g;
/** Local numbers of other countries begin with a zero. */
const foreign = /(?<![\d.,:/+-])0[1-9]\d{1,3}(?:[ -]?\d){6,8}(?![\d:])/g;
/** Eight digits as Danes write them, with the same sign between all groups. */
const danish =
  /(?<![\d.,:/+-])(?:[2-9]\d{7}|[2-9]\d([ .-])\d\d\1\d\d\1\d\d|[2-9]\d{3}[ -]\d{4}|[2-9]\d \d{3} \d{3}|[2-9]\d\d \d\d \d{3})(?![\d:%]|[.,-]\d|\s?(?:kr|€|,-))/gi;
const years = /^(?:19|20)\d\d[ -](?:19|20)\d\d$/;

/**
 * What in a text says who its writer is: Danish, English, and numbers in any writing. It guesses, and
 * errs towards silence: nobody is warned of a time, a price or an age.
 * @param shown digits of the numbers that the page itself shows
 * @returns what was found, in order, without overlaps
 */
export function tellsWho(text: string, shown: readonly string[] = []): readonly Telling[] {
  const plain = latinDigits(text);
  const all = (kind: TellingKind, pattern: RegExp, holds: (part: string) => boolean) =>
    [...plain.matchAll(pattern)]
      .filter(([part]) => holds(part))
      .map((match) => ({ kind, from: match.index, to: match.index + match[0].length }));
  const isOwnNumber = (part: string) =>
    !shown.includes(part.replace(/\D/g, '').replace(/^(00)?45(?=\d{8}$)/, ''));
  const isPhone = (part: string) => isOwnNumber(part) && !looksLikeDate(part) && !years.test(part);
  const found = [
    ...all('email', email, () => true),
    ...all('cpr', cpr, isCpr),
    ...all('phone', international, isOwnNumber),
    ...all('phone', danish, isPhone),
    ...all('phone', foreign, isPhone),
    ...addresses(plain),
    ...handles(plain),
    ...fullNames(plain)
  ];
  const taken: Telling[] = [];
  for (const one of found)
    if (taken.every(({ from, to }) => one.to <= from || one.from >= to)) taken.push(one);
  return taken.toSorted((one, other) => one.from - other.from);
}

/** The text with three dots for what tells who wrote it. */
export function without(text: string, telling: readonly Telling[]): string {
  return telling
    .toReversed()
    .reduce((left, { from, to }) => left.slice(0, from) + '…' + left.slice(to), text);
}

/** Arabic and Persian digits as Latin ones, each in its place. */
const latinDigits = (text: string): string =>
  text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));
