import { AGENDA_KEY_BYTES } from '../crypto/agenda.ts';
import { fromBase64Url, toBase64Url } from '../wire/bytes.ts';

/** What a link to a seat carries behind its `#`, where no server sees it. */
export interface SeatLink {
  /** The right to the seat, for the server. */
  readonly pass: string;
  /** The key of the agenda, 32 bytes, for nobody but those who come. */
  readonly key: Uint8Array;
}

export const seatHash = '#seat.';

/** `#seat.PASS.KEY`. */
export const writeSeatLink = ({ pass, key }: SeatLink): string =>
  `${seatHash}${pass}.${toBase64Url(key)}`;

/** @returns null for what is no link to a seat, or was cut short on its way */
export function readSeatLink(hash: string): SeatLink | null {
  const [, pass, written, ...rest] = hash.split('.');
  const key = fromBase64Url(written ?? '');
  if (!hash.startsWith(seatHash) || rest.length > 0 || !pass) return null;
  if (!/^[A-Za-z0-9_-]{87}$/.test(pass) || key?.length !== AGENDA_KEY_BYTES) return null;
  return { pass, key };
}
