import { SEED_BYTES, type ClipPlace } from '../crypto/clip-seed.ts';
import { VALUE_BYTES } from '../crypto/clip-tag.ts';
import { acceptedEpochs } from '../crypto/clip-epoch.ts';
import { fromBase64Url, toBase64Url } from '../wire/bytes.ts';
import type { Card, Clip } from './card.ts';
import { addCheck, bytesOf, digitsOf, isChecked, readDigits, writeDigits } from './crockford.ts';
import { Decision, Holder } from './rule.ts';

/**
 * A card as a code of Crockford digits (our design), 5 bits each:
 * 1 digit: holder (2 bits), epoch modulo 4 (2 bits), whether clips came back (1 bit) · 16 digits: the seed ·
 * for each clip 1 digit: which one · 8 digits: its value · and 1 digit: how often it came back, only if
 * any did · 2 check digits. With one clip 28, full 55.
 */
const SEED_DIGITS = 16;
const VALUE_DIGITS = 8;
const MOST_GENERATIONS = 31;
const whichFifth = 16;
const whichPending = 17;
const whichDecision = 18;

export type CodeRefusal =
  /** Something was begun with the server: only the device it was begun on can finish it. */
  | 'unfinished'
  /** There is nothing on the card that could be carried. */
  | 'no-clips'
  /** A clip came back more often than a code can say. */
  | 'too-often';

/** Groups of four, as they are read aloud. */
export const groups = (code: string): string => code.replaceAll(/(.{4})(?=.)/g, '$1-');

export function writeCode(
  card: Card,
  isUnfinished: boolean
): { ok: true; code: string } | { ok: false; refusal: CodeRefusal } {
  if (isUnfinished) return { ok: false, refusal: 'unfinished' };
  if (card.clips.length === 0) return { ok: false, refusal: 'no-clips' };
  if (card.clips.some(({ place }) => place.generation > MOST_GENERATIONS))
    return { ok: false, refusal: 'too-often' };
  const back = card.clips.some(({ place }) => place.generation > 0);
  const holder = Holder.options.indexOf(card.holder);
  const head = (holder << 3) | ((card.epoch % 4) << 1) | (back ? 1 : 0);
  const clips = card.clips.flatMap((clip) => [
    whichOf(clip),
    ...digitsOf(fromBase64Url(clip.value) ?? new Uint8Array(VALUE_BYTES)),
    ...(back ? [clip.place.generation] : [])
  ]);
  const seed = digitsOf(fromBase64Url(card.seed) ?? new Uint8Array(SEED_BYTES));
  return { ok: true, code: writeDigits(addCheck([head, ...seed, ...clips])) };
}

export type ReadRefusal =
  /** A sign that no code has. */
  | 'wrong-sign'
  /** Digits are missing or there are too many. */
  | 'wrong-length'
  /** A digit is wrong, or two stand in the wrong order. */
  | 'wrong-digit'
  /** Right in itself, but no card. */
  | 'no-card'
  /** From a year that does not count any more. */
  | 'too-old';

/** @param now milliseconds since 1970: a code says its year modulo four */
export function readCode(
  text: string,
  now: number
): { ok: true; card: Card } | { ok: false; refusal: ReadRefusal } {
  const refused = (refusal: ReadRefusal) => ({ ok: false, refusal }) as const;
  const digits = readDigits(text);
  if (!digits) return refused('wrong-sign');
  const [head = 0] = digits;
  const each = 1 + VALUE_DIGITS + (head & 1);
  const length = digits.length - 1 - SEED_DIGITS - 2;
  // With a wrong first digit the length cannot be told, so a check that fails is named first.
  if (!isChecked(digits)) return refused(isPossible(length) ? 'wrong-digit' : 'wrong-length');
  if (length < each || length % each !== 0) return refused('wrong-length');
  const holder = Holder.options[head >> 3];
  const seed = bytesOf(digits.slice(1, 1 + SEED_DIGITS));
  const clips: (Clip | null)[] = [];
  for (let at = 1 + SEED_DIGITS; at < digits.length - 2; at += each)
    clips.push(readClip(digits.slice(at, at + each)));
  const whole = clips.filter((clip) => clip !== null);
  const places = new Set(whole.map(({ place: { stage, index } }) => `${stage} ${index}`));
  if (!holder || !seed || whole.length !== clips.length || places.size !== clips.length)
    return refused('no-card');
  const epoch = acceptedEpochs(now).find((one) => one % 4 === ((head >> 1) & 3));
  if (epoch === undefined) return refused('too-old');
  return { ok: true, card: { holder, epoch, seed: toBase64Url(seed), key: null, clips: whole } };
}

const isPossible = (length: number): boolean =>
  [1 + VALUE_DIGITS, 2 + VALUE_DIGITS].some((each) => length >= each && length % each === 0);

function whichOf({ place, decision }: Clip): number {
  if (place.stage === 'ordinary') return place.index;
  if (place.stage === 'fifth') return whichFifth;
  if (place.stage === 'pending') return whichPending;
  return whichDecision + (decision ? Decision.options.indexOf(decision) : 0);
}

function readClip([which = 31, ...rest]: readonly number[]): Clip | null {
  const value = bytesOf(rest.slice(0, VALUE_DIGITS));
  const decision = Decision.options[which - whichDecision] ?? null;
  const stage = stageOfDigit(which, decision);
  if (!value || !stage) return null;
  const index = stage === 'ordinary' ? which : 0;
  const place = { stage, index, generation: rest[VALUE_DIGITS] ?? 0 };
  return { place, decision, value: toBase64Url(value) };
}

function stageOfDigit(which: number, decision: Decision | null): ClipPlace['stage'] | null {
  if (which < whichFifth) return 'ordinary';
  if (which === whichFifth) return 'fifth';
  if (which === whichPending) return 'pending';
  return decision ? 'decision' : null;
}
