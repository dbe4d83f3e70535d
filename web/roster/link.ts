import * as v from 'valibot';
import { Language } from '#shared/visitor/visitor.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';

/** What an invitation link carries behind the `#`, which browsers send to nobody. */
export interface Invitation {
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** The right to wait where the counsellor looks. */
  readonly capability: string;
  /** For an interpreter the languages to go between, the visitor's first; null for anybody else. */
  readonly interprets: readonly Language[] | null;
}

const mark = '#invitation=';
const interpreter = 'interpreter';

export const isInvitation = (hash: string): boolean => hash.startsWith(mark);

/** @param page the address of the chat, e.g. `https://example.org/en/chat` */
export function writeLink(page: string, { secret, capability, interprets }: Invitation): string {
  const what = interprets === null ? '' : `.${[interpreter, ...interprets].join('-')}`;
  return `${page}${mark}${toBase64Url(secret)}.${capability}${what}`;
}

/** @returns null for anything that is no whole link */
export function readLink(link: string): Invitation | null {
  const at = link.indexOf(mark);
  if (at < 0) return null;
  const [text = '', capability = '', what = ''] = link.slice(at + mark.length).split('.');
  const secret = fromBase64Url(text);
  if (secret?.length !== 32 || !/^[A-Za-z0-9_-]{40,120}$/.test(capability)) return null;
  const [whom, ...languages] = what.split('-');
  const interprets = whom === interpreter ? languages.filter((one) => v.is(Language, one)) : null;
  return { secret, capability, interprets };
}

/** The room that a right is about: 16 bytes after its version and role, see `server/conversation/capability.ts`. */
export const roomIn = (capability: string): string =>
  toBase64Url((fromBase64Url(capability) ?? new Uint8Array(18)).subarray(2, 18));
