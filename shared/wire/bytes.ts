import * as v from 'valibot';

/** Bytes in JSON: base64url without padding (RFC 4648, section 5), at most `limit` bytes. */
export const Base64Url = (limit: number) =>
  v.pipe(v.string(), v.maxLength(Math.ceil((limit * 4) / 3)), v.regex(/^[A-Za-z0-9_-]*$/));

export function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @returns null when the text is not base64url. */
export function fromBase64Url(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0)
  );
}
