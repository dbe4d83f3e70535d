import { m } from '#web/words/paraglide/messages.js';

const offline = m.message_line_down_more;
const known: Readonly<Record<string, () => string>> = {
  'already-answered': m.message_desk_already,
  'unknown-message': m.message_desk_gone,
  'note-too-long': m.note_long_more,
  'not-for-this-key': m.message_desk_other_key,
  swapped: m.message_desk_swapped,
  'no-storage': m.message_desk_no_storage,
  'line-down': offline
};

/** What stands in the way of a message or its answer at this desk, and what there is to do. */
export const deskRefusal = (refusal: string): string => (known[refusal] ?? m.message_desk_broken)();
