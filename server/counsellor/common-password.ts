/*
 * What people come up with when a password must be long. Compiled by hand for this service: the words
 * that lists of leaked passwords are made of (names of passwords, seasons, months, sports, endearments,
 * keyboard rows, in Danish and English), 128 words and 12 runs. Passwords are checked against what can be
 * built from them, so that one short list stands for very many long passwords; nothing is downloaded.
 */
const words = `
password passwort passord kodeord adgangskode hemmelig secret login admin administrator welcome velkommen
letmein master superman batman pokemon princess prinsesse dragon monkey sunshine shadow football fodbold
baseball basketball hockey soccer liverpool arsenal barcelona brondby midtjylland iloveyou jegelskerdig
elsker loveyou forever love skat skatter minskat baby angel engel computer internet google facebook
whatever trustno1 starwars qwerty asdf zxcv azerty test testing changeme default guest user bruger
sommer vinter foraar forår efteraar efterår summer winter spring autumn january januar february februar
march marts april juni june juli july august september october oktober november december mandag tirsdag
onsdag torsdag fredag monday tuesday wednesday thursday friday danmark denmark kobenhavn københavn
copenhagen aarhus odense aalborg esbjerg kommune familie family michael jessica daniel thomas mikkel
frirum counsellor counselor raadgiver rådgiver correcthorsebatterystaple chat hello dejlig hejmeddig
`
  .trim()
  .split(/\s+/);

const forwards = [
  'qwertyuiopåasdfghjklæøzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'abcdefghijklmnopqrstuvwxyzæøå',
  '12345678901234567890',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm'
];
const runs = [...forwards, ...forwards.map((run) => run.split('').toReversed().join(''))];

const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i'
};

/** Characters that must be left when everything easy is taken away. */
const LEAST_LEFT = 4;
const LEAST_DIFFERENT = 6;
const SHORTEST_RUN = 4;

/**
 * Whether a password of 15 characters or more is one that is tried first: one thing repeated, a run over
 * the keyboard, common words, or a name that everybody knows (`own`: of the person, of the organisation),
 * with digits and signs between them.
 */
export function isCommonPassword(password: string, own: readonly string[]): boolean {
  const plain = password
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s._-]/g, '');
  if (new Set(plain).size < LEAST_DIFFERENT || isRepeated(plain)) return true;
  const names = own.flatMap((name) =>
    name
      .normalize('NFC')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(({ length }) => length > 2)
  );
  const letters = plain.split('');
  const taken = new Set<number>();
  for (const text of [plain, letters.map((one) => leet[one] ?? one).join('')]) {
    takeRuns(text, taken);
    for (const word of [...names, ...words]) takeWord(text, word, taken);
  }
  const left = letters.filter((one, at) => !taken.has(at) && /\p{L}/u.test(one));
  return left.length < LEAST_LEFT;
}

const isRepeated = (text: string): boolean =>
  `${text}${text}`.slice(1, -1).includes(text) ||
  // Cut off in the middle of one more repetition.
  [1, 2, 3, 4, 5, 6, 7].some((unit) => text.slice(unit) === text.slice(0, -unit));

/** Marks every place where a word stands. */
function takeWord(text: string, word: string, taken: Set<number>): void {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    for (let n = 0; n < word.length; n += 1) taken.add(at + n);
}

function takeRuns(text: string, taken: Set<number>): void {
  for (let at = 0; at < text.length; at += 1) {
    const length = runAt(text, at);
    if (length < SHORTEST_RUN) continue;
    for (let n = 0; n < length; n += 1) taken.add(at + n);
  }
}

/** Length of the longest run that begins here. */
function runAt(text: string, at: number): number {
  const first = text.charAt(at);
  let longest = 0;
  for (const run of runs) {
    for (let from = run.indexOf(first); from >= 0; from = run.indexOf(first, from + 1)) {
      let length = 0;
      while (length < run.length - from && text[at + length] === run[from + length]) length += 1;
      longest = Math.max(longest, length);
    }
  }
  return longest;
}
