import { teamRecipients } from '#shared/booking/message-calls.ts';
import { organisationKey } from '../keys/organisation-key.ts';
import { revokedSerials } from '../keys/revoked-serials.ts';
import type { Line } from '../wire/line.ts';
import { startWorker } from '../wire/start-worker.ts';
import type { NoteAnswer, NoteOrder, RecipientList } from './note-orders.ts';

/** One order to a worker of its own, which is gone with its keys afterwards. */
export function inWorker(order: NoteOrder): Promise<NoteAnswer> {
  const worker = startWorker('notes');
  if (!worker) return Promise.resolve({ kind: 'refused' });
  return new Promise<NoteAnswer>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<NoteAnswer>) => resolve(data);
    worker.onerror = () => resolve({ kind: 'refused' });
    worker.postMessage(order);
  }).finally(() => worker.terminate());
}

const whomToTrust = async () => ({
  organisationKey: organisationKey(),
  now: Date.now(),
  revokedSerials: await revokedSerials()
});

/** Those who may read what is sealed to the team; null when nobody vouches for any of them. */
export async function askWhoReads(line: Line): Promise<RecipientList | null> {
  const answer = await line.ask(teamRecipients, {});
  if (!answer.ok) return null;
  const list = answer.value.recipients;
  const known = await inWorker({ ask: 'trust', list, ...(await whomToTrust()) });
  return known.kind === 'trusted' && known.count > 0 ? list : null;
}

/** @returns base64url; null when it could not be sealed, and so must not be sent */
export async function seal(
  list: RecipientList,
  text: string,
  purpose: 'booking' | 'message',
  id: string
): Promise<string | null> {
  const sealed = await inWorker({ ask: 'seal', text, purpose, id, list, ...(await whomToTrust()) });
  return sealed.kind === 'sealed' ? sealed.sealed : null;
}
