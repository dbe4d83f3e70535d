import { m } from '#web/words/paraglide/messages.js';

type Words = readonly [title: () => string, text: () => string];
const unsent: Words = [m.message_not_sent, m.message_not_sent_more];
const code = m.message_code_wrong_more;

const known: Readonly<Record<string, Words>> = {
  'line-down': [m.message_line_down, m.message_line_down_more],
  'house-busy': [m.message_busy, m.message_busy_more],
  'too-many-requests': [m.message_busy, m.message_busy_more],
  'note-too-long': [m.note_long, m.note_long_more],
  'not-sealed': [m.message_cannot_title, m.message_cannot],
  'unknown-code': [m.message_unknown, m.message_unknown_more],
  'not-for-this-code': [m.message_not_opened, m.message_not_opened_more],
  'wrong-sign': [m.refusal_wrong_sign, m.refusal_wrong_sign_more],
  'wrong-length': [m.refusal_wrong_length, code],
  'wrong-digit': [m.refusal_wrong_digit, code],
  'no-code': [m.refusal_no_code, m.refusal_no_code_more],
  'not-a-picture': [m.refusal_not_a_picture, m.refusal_not_a_picture_more],
  'cannot-save': [m.refusal_cannot_save, m.refusal_cannot_save_more]
};

export function refusalWords(refusal: string): { title: string; text: string } {
  const [title, text] = known[refusal] ?? unsent;
  return { title: title(), text: text() };
}
