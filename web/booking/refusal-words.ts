import { m } from '#web/words/paraglide/messages.js';

type Words = readonly [title: () => string, text: () => string];
const gone: Words = [m.book_gone, m.book_gone_more];
const line: Words = [m.book_line_down, m.book_line_down_more];
const again: Words = [m.queue_again, m.queue_again_more];
const ticket: Words = [m.slip_unknown, m.slip_unknown_more];
const length: Words = [m.refusal_wrong_length, m.slip_code_more];
const digit: Words = [m.refusal_wrong_digit, m.slip_code_more];

const known: Readonly<Record<string, Words>> = {
  'line-down': line,
  'strange-answer': line,
  'too-many-requests': [m.book_house_busy, m.book_house_busy_more],
  'house-busy': [m.book_house_busy, m.book_house_busy_more],
  'note-too-long': [m.note_long, m.note_long_more],
  'note-not-sealed': [m.note_cannot, m.note_cannot_more],
  'slot-gone': gone,
  'slot-past': gone,
  'slot-not-for-this': [m.book_not_for, m.book_not_for_more],
  'proof-missing': again,
  'proof-refused': again,
  'proof-expired': again,
  'proof-used': again,
  'card-decided': [m.queue_card_decided, m.queue_card_decided_more],
  'clip-missing': [m.book_needs_clip, m.book_needs_clip_more],
  'not-movable': [m.slip_not_movable, m.slip_not_movable_more],
  'unknown-ticket': ticket,
  'too-early': [m.slip_too_early, m.slip_too_early_more],
  'too-late': [m.slip_too_late, m.slip_too_late_more],
  'already-waiting': [m.queue_already_open, m.queue_already_open_more],
  'wrong-sign': [m.refusal_wrong_sign, m.refusal_wrong_sign_more],
  'wrong-length': length,
  'wrong-digit': digit,
  'no-code': [m.refusal_no_code, m.refusal_no_code_more],
  'not-a-picture': [m.refusal_not_a_picture, m.refusal_not_a_picture_more],
  'no-camera': [m.refusal_no_camera, m.refusal_no_camera_more],
  'cannot-save': [m.refusal_cannot_save, m.refusal_cannot_save_more]
};
const clip: Words = [m.book_clip, m.book_clip_more];
const unsure: Words = [m.book_refused, m.book_refused_more];

export function refusalWords(refusal: string): { title: string; text: string } {
  const [title, text] = known[refusal] ?? (refusal.startsWith('clip-') ? clip : unsure);
  return { title: title(), text: text() };
}
