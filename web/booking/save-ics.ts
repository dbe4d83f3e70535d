// Loaded when somebody asks for the file: it brings the calendar library along.
import { writeIcs } from '#shared/booking/ics.ts';
import type { FreeSlot } from '#shared/booking/calls.ts';
import { addressOf, placeWords } from './place-words.ts';

/** Saves `aftale.ics`, made here and sent nowhere. The place is in it only if its holder wants it. */
export function saveIcs(
  { start, minutes, place }: FreeSlot,
  { title, withPlace }: { title: string; withPlace: boolean }
): void {
  const where = [placeWords(place), addressOf(place)].filter(Boolean).join(', ');
  const uid = crypto.randomUUID();
  const text = writeIcs({ title, start, minutes, place: withPlace ? where : null, uid });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/calendar' }));
  link.download = 'aftale.ics';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
