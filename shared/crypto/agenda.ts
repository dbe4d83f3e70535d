import { sha256 } from '@noble/hashes/sha2.js';
import { joinBytes, labelled } from './fields.ts';

export const AGENDA_KEY_BYTES = 32;
const IV_BYTES = 12;
/** Every item is sealed at one of these lengths, two bytes for its own length among them. */
const ITEM_LENGTHS = [256, 1024] as const;
/** The longest item, in bytes of UTF-8. */
export const LONGEST_ITEM = 1022;

/** The key of a meeting's agenda, 32 bytes (SHA-256), from the ticket of whoever asked for the meeting. */
export const agendaKey = (ticket: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(sha256(labelled('frirum agenda key v1', ticket)));

/** The id of the item that brings the key to the team, 16 bytes: the same whoever adds it. */
export const teamItem = (key: Uint8Array): Uint8Array =>
  sha256(labelled('frirum agenda team item v1', key)).slice(0, 16);

/**
 * Seals an item: iv12 ‖ AES-256-GCM (NIST SP 800-38D) of u16 length ‖ text ‖ zeros, bound to its id.
 * @param id 16 bytes @returns null where the text is longer than LONGEST_ITEM
 */
export async function sealItem(
  text: string,
  key: Uint8Array<ArrayBuffer>,
  id: Uint8Array
): Promise<Uint8Array | null> {
  const bytes = new TextEncoder().encode(text);
  const length = ITEM_LENGTHS.find((padded) => bytes.length + 2 <= padded);
  if (length === undefined) return null;
  const plain = new Uint8Array(length);
  plain.set([bytes.length >> 8, bytes.length & 255]);
  plain.set(bytes, 2);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(how(iv, id), await keyOf(key, 'encrypt'), plain);
  return joinBytes(iv, new Uint8Array(sealed));
}

/** @returns null for what was not sealed with this key, or as another item */
export async function openItem(
  sealed: Uint8Array,
  key: Uint8Array<ArrayBuffer>,
  id: Uint8Array
): Promise<string | null> {
  try {
    const iv = new Uint8Array(sealed.slice(0, IV_BYTES));
    const rest = new Uint8Array(sealed.slice(IV_BYTES));
    const opened = await crypto.subtle.decrypt(how(iv, id), await keyOf(key, 'decrypt'), rest);
    const plain = new Uint8Array(opened);
    const length = ((plain[0] ?? 0) << 8) | (plain[1] ?? 0);
    if (length + 2 > plain.length) return null;
    return new TextDecoder('utf-8', { fatal: true }).decode(plain.subarray(2, 2 + length));
  } catch {
    return null;
  }
}

const how = (iv: Uint8Array<ArrayBuffer>, id: Uint8Array): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new Uint8Array(labelled('frirum agenda item v1', id))
});

const keyOf = (key: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use]);
