import { randomInt } from 'node:crypto';

const consonants = 'bdfghklmnprstv';
const vowels = 'aeiou';

const oneOf = (letters: string): string => letters.charAt(randomInt(letters.length));
const group = (): string => oneOf(consonants) + oneOf(vowels) + oneOf(consonants) + oneOf(vowels);

/** Four groups such as `mako-dilu-fesa-riro`: 19 characters, 49 bits, easy to read aloud and to type. */
export const readablePassword = (): string => [group(), group(), group(), group()].join('-');
