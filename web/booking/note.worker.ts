import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { newNoteIdentity, openNote, recipientOf, sealNote } from '#shared/crypto/sealed-note.ts';
import { loadSodium } from '#shared/crypto/sodium.ts';
import { trustedRecipients } from '#shared/crypto/team-recipients.ts';
import type { ClosedIdentity, NoteAnswer, NoteOrder } from './note-orders.ts';

/** Seals and opens notes where there is no network, and where wasm may run; ended after one order. */
self.onmessage = async ({ data }: MessageEvent<NoteOrder>) => {
  self.postMessage(await answerTo(data).catch((): NoteAnswer => ({ kind: 'refused' })));
};

const bytes = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

async function answerTo(order: NoteOrder): Promise<NoteAnswer> {
  if (order.ask === 'identity') return { kind: 'identity', ...(await newNoteIdentity()) };
  if (order.ask === 'recipient')
    return { kind: 'recipient', recipient: await recipientOf(order.identity) };
  if (order.ask === 'closed-identity') return makeClosed(order.key);
  if (order.ask === 'open-at-desk') {
    const { purpose, id } = order;
    const identity = await openIdentity(order.identity);
    const expected = { purpose, ...(id === null ? {} : { id: bytes(id) }) };
    const opened = await openNote(bytes(order.sealed), identity, expected);
    return opened.ok
      ? { kind: 'opened', text: opened.text }
      : { kind: 'refused', refusal: opened.refusal };
  }
  const id = order.ask === 'trust' ? new Uint8Array() : bytes(order.id);
  if (order.ask === 'open') {
    const { identity } = order;
    const opened = await openNote(bytes(order.sealed), identity, { purpose: 'answer', id });
    return opened.ok ? { kind: 'opened', text: opened.text } : { kind: 'refused' };
  }
  if (order.ask === 'answer')
    return toAnswer(await sealNote(order.text, [order.recipient], { purpose: 'answer', id }));
  await loadSodium();
  const { organisationKey, now, revokedSerials } = order;
  const list = order.list.map(({ recipient, certificate, signature }) => ({
    recipient,
    certificate: bytes(certificate),
    signature: bytes(signature)
  }));
  const recipients = trustedRecipients(list, { organisationKey, now, revokedSerials });
  if (order.ask === 'trust') return { kind: 'trusted', count: recipients.length };
  const sealed = await sealNote(order.text, recipients, { purpose: order.purpose, id });
  return toAnswer(sealed);
}

const toAnswer = (sealed: Awaited<ReturnType<typeof sealNote>>): NoteAnswer =>
  sealed.ok ? { kind: 'sealed', sealed: toBase64Url(sealed.sealed) } : { kind: 'refused' };

/** The identity itself is never outside of this worker; its recipient is closed in with it. */
async function makeClosed(key: CryptoKey): Promise<NoteAnswer> {
  const { identity, recipient } = await newNoteIdentity();
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(identity);
  const closed = new Uint8Array(await crypto.subtle.encrypt(sealing(iv, recipient), key, plain));
  return { kind: 'closed-identity', identity: { recipient, key, iv, closed } };
}

async function openIdentity({ recipient, key, iv, closed }: ClosedIdentity): Promise<string> {
  return new TextDecoder().decode(await crypto.subtle.decrypt(sealing(iv, recipient), key, closed));
}

const sealing = (iv: Uint8Array<ArrayBuffer>, recipient: string): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(recipient)
});
