import type { seeAgenda } from '#shared/booking/message-calls.ts';
import { openItem, sealItem } from '#shared/crypto/agenda.ts';
import { readItem, writeItem, type AgendaItem } from '#shared/meeting/item.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import type * as v from 'valibot';

export type SealedItem = v.InferOutput<typeof seeAgenda.value>['items'][number];
export type ShownItem = AgendaItem & { readonly id: string };

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(fromBase64Url(text) ?? new Uint8Array());

/** Those that this key opens; what is for the team, or of somebody who had the time before, is passed over. */
export async function openItems(
  items: readonly SealedItem[],
  key: Uint8Array<ArrayBuffer>
): Promise<ShownItem[]> {
  const opened = await Promise.all(
    items.map(async ({ id, sealed }) => {
      const text = await openItem(bytes(sealed), key, bytes(id));
      const item = text === null ? null : readItem(text);
      return item && { ...item, id };
    })
  );
  return opened.filter((one) => one !== null);
}

/** @returns null where the words are too long */
export async function sealAgendaItem(item: AgendaItem, key: Uint8Array<ArrayBuffer>) {
  const id = crypto.getRandomValues(new Uint8Array(16));
  const sealed = await sealItem(writeItem(item), key, id);
  return sealed && { id: toBase64Url(id), sealed: toBase64Url(sealed) };
}
