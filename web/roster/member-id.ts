import type { MemberId } from '#shared/roster/payload.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';

export const randomId = (): MemberId => toBase64Url(crypto.getRandomValues(new Uint8Array(16)));

/** The 16 bytes behind a name. */
export const idBytes = (id: string): Uint8Array => fromBase64Url(id) ?? new Uint8Array(16);
