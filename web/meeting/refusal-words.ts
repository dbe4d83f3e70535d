import { m } from '#web/words/paraglide/messages.js';

const known: Readonly<Record<string, () => string>> = {
  'unknown-seat': m.meeting_unknown_seat,
  'seat-taken': m.meeting_seat_taken,
  'already-over': m.meeting_over,
  'slot-gone': m.meeting_over,
  'slot-not-for-this': m.meeting_not_for_you,
  'too-few-seats': m.meeting_too_few_seats,
  'agenda-full': m.meeting_full,
  'note-too-long': m.note_long_more,
  'no-key': m.meeting_no_key,
  'line-down': m.message_line_down_more
};

/** What stood in the way, and what there is to do. */
export const meetingRefusal = (refusal: string): string => (known[refusal] ?? m.meeting_broken)();
