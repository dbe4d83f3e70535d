import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ConversationId } from '#shared/wire/ids.ts';
import { AgeBand, Language, VisitorKind, type Visitor } from '#shared/visitor/visitor.ts';
import { rememberedClosed, type Role } from '#server/store/volatile/relay.ts';

/** What a token gives a right to; it is checked without any memory, so a restart loses nothing. */
export interface CapabilityContent {
  readonly role: Role;
  readonly conversation: ConversationId;
  /** Seconds since 1970, to the millisecond: the place in the queue follows it. */
  readonly since: number;
  readonly visitor: Visitor;
  /** How often the conversation has gone back to the queue, at most `lastTurn`; only sides of one turn meet. */
  readonly turn: number;
  /** Whose it is, a UUID; null for a visitor and a guest: who holds it may use it. */
  readonly account: string | null;
  /** A pair of a larger conversation names the conversation it belongs to; null for the conversation itself. */
  readonly of: ConversationId | null;
}

/** Seconds: as long as a closed conversation is remembered, so that none begins it again. */
export const capabilityLife = rememberedClosed / 1000;

/** One byte. */
export const lastTurn = 255;

const version = 3;
const roles: readonly Role[] = ['visitor', 'counsellor'];
const contentLength = 60;
const macLength = 16;

/**
 * Token = base64url(content 60 B ‖ HMAC-SHA256 truncated to 16 B).
 * Content: u8 version ‖ u8 role ‖ conversation16 ‖ u32 since (big endian) ‖ u8 kind ‖ u8 age (255: none)
 * ‖ u8 language ‖ u8 turn ‖ account16 (zeros: none) ‖ of16 (zeros: none)
 * ‖ u16 thousandths of since. RFC 2104; truncation as RFC 2104, section 5.
 */
export function issueCapability(content: CapabilityContent, secret: Uint8Array): string {
  const bytes = Buffer.alloc(contentLength + macLength);
  bytes[0] = version;
  bytes[1] = roles.indexOf(content.role);
  bytes.write(content.conversation, 2, 'base64url');
  const since = Math.round(content.since * 1000);
  bytes.writeUInt32BE(Math.floor(since / 1000), 18);
  bytes[22] = VisitorKind.options.indexOf(content.visitor.kind);
  bytes[23] = content.visitor.age === null ? 255 : AgeBand.options.indexOf(content.visitor.age);
  bytes[24] = Language.options.indexOf(content.visitor.language);
  bytes[25] = content.turn;
  bytes.write(content.account?.replaceAll('-', '') ?? '', 26, 'hex');
  bytes.write(content.of ?? '', 42, 'base64url');
  bytes.writeUInt16BE(since % 1000, 58);
  mac(bytes, secret).copy(bytes, contentLength);
  return bytes.toString('base64url');
}

/**
 * @param now seconds since 1970
 * @returns null when the token is forged, malformed or too old.
 */
export function readCapability(
  token: string,
  secret: Uint8Array,
  now: number
): CapabilityContent | null {
  // Not `Buffer.from`: what is left in the pool that it takes from outlives the conversation.
  const bytes = Buffer.alloc(contentLength + macLength + 1);
  if (bytes.write(token, 'base64url') !== contentLength + macLength) return null;
  if (bytes[0] !== version) return null;
  const signed = bytes.subarray(contentLength, contentLength + macLength);
  if (!timingSafeEqual(signed, mac(bytes, secret))) return null;
  const since = (bytes.readUInt32BE(18) * 1000 + bytes.readUInt16BE(58)) / 1000;
  const role = roles[bytes[1] ?? 255];
  const kind = VisitorKind.options[bytes[22] ?? 255];
  const language = Language.options[bytes[24] ?? 255];
  if (!role || !kind || !language || now > since + capabilityLife) return null;
  return {
    role,
    conversation: bytes.toString('base64url', 2, 18),
    since,
    visitor: { kind, age: AgeBand.options[bytes[23] ?? 255] ?? null, language },
    turn: bytes[25] ?? 0,
    account: isNone(bytes.subarray(26, 42)) ? null : uuidOf(bytes.toString('hex', 26, 42)),
    of: isNone(bytes.subarray(42, 58)) ? null : bytes.toString('base64url', 42, 58)
  };
}

const isNone = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

const uuidOf = (hex: string): string =>
  hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const mac = (bytes: Buffer, secret: Uint8Array): Buffer =>
  createHmac('sha256', secret)
    .update('frirum capability')
    .update(bytes.subarray(0, contentLength))
    .digest()
    .subarray(0, macLength);
