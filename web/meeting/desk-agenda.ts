import { readAgenda } from '#shared/booking/meeting-calls.ts';
import { AGENDA_KEY_BYTES } from '#shared/crypto/agenda.ts';
import { fromBase64Url } from '#shared/wire/bytes.ts';
import { loadNoteIdentity } from '../booking/desk/note-identity.ts';
import { inWorker } from '../booking/notes.ts';
import type { Line } from '../wire/line.ts';
import { openItems, type SealedItem, type ShownItem } from './agenda.ts';

/** What a meeting is to be about, opened on this device. @returns the name of what is in the way otherwise */
export async function agendaOf(line: Line, booking: string): Promise<ShownItem[] | string> {
  const answer = await line.ask(readAgenda, { booking });
  if (!answer.ok) return answer.refusal;
  const { items } = answer.value;
  const keys = (await Promise.all(items.map(keyIn))).filter((key) => key !== null);
  if (keys.length === 0) return 'no-key';
  const opened = await Promise.all(keys.map((key) => openItems(items, key)));
  return opened.flat();
}

/** The item that brings the key is sealed to the team; the others are too short for that. */
async function keyIn({ id, sealed }: SealedItem): Promise<Uint8Array<ArrayBuffer> | null> {
  if (sealed.length < 2000) return null;
  const identity = await loadNoteIdentity();
  if (typeof identity === 'string') return null;
  const opened = await inWorker({ ask: 'open-at-desk', sealed, identity, purpose: 'booking', id });
  const key = opened.kind === 'opened' ? fromBase64Url(opened.text) : null;
  return key?.length === AGENDA_KEY_BYTES ? new Uint8Array(key) : null;
}
