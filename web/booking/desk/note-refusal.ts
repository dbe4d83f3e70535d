import { m } from '#web/words/paraglide/messages.js';

const known: Readonly<Record<string, () => string>> = {
  'certificate-awaited': m.day_note_awaited,
  'no-storage': m.day_note_no_storage,
  'no-ed25519': m.day_note_no_storage,
  'too-many-recipients': m.day_note_too_many,
  'not-for-this-key': m.day_note_other_key,
  'no-note': m.day_note_gone,
  'unknown-booking': m.day_note_gone,
  'line-down': m.day_note_offline
};

/** Why a note cannot be opened at this desk, and what there is to do. */
export const noteRefusal = (refusal: string): string => (known[refusal] ?? m.day_note_broken)();
