import { m } from '#web/words/paraglide/messages.js';

type Words = readonly [title: () => string, text: () => string];
const wrongDigit: Words = [m.refusal_wrong_digit, m.refusal_wrong_digit_more];
const notACard: Words = [m.refusal_not_a_card, m.refusal_not_a_card_more];
const unsure: Words = [m.refusal_unsure, m.refusal_unsure_more];

/** Of taking the card along; everything else stands in the way of getting one out. */
const carrying: Readonly<Record<string, Words>> = {
  unfinished: [m.refusal_unfinished, m.refusal_unfinished_more],
  'no-clips': [m.refusal_no_clips, m.refusal_no_clips_more],
  'too-often': [m.refusal_too_often, m.refusal_too_often_more],
  'cannot-save': [m.refusal_cannot_save, m.refusal_cannot_save_more]
};

const importing: Readonly<Record<string, Words>> = {
  mistyped: wrongDigit,
  'wrong-digit': wrongDigit,
  'wrong-sign': [m.refusal_wrong_sign, m.refusal_wrong_sign_more],
  'wrong-length': [m.refusal_wrong_length, m.refusal_wrong_length_more],
  'not-a-card': notACard,
  'no-card': notACard,
  'too-old': [m.refusal_too_old, m.refusal_too_old_more],
  spent: [m.refusal_spent, m.refusal_spent_more],
  'no-code': [m.refusal_no_code, m.refusal_no_code_more],
  'not-a-picture': [m.refusal_not_a_picture, m.refusal_not_a_picture_more],
  'no-camera': [m.refusal_no_camera, m.refusal_no_camera_more]
};

export const isAboutCarrying = (refusal: string): boolean => refusal in carrying;

export function refusalWords(refusal: string): { title: string; text: string } {
  const [title, text] = carrying[refusal] ?? importing[refusal] ?? unsure;
  return { title: title(), text: text() };
}
