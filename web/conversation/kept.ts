import * as v from 'valibot';
import type { DeliveryState } from '#shared/conversation/delivery.ts';
import { Stage } from '#shared/klippekort/stage.ts';
import { Visitor } from '#shared/visitor/visitor.ts';
import { Base64Url, fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { Capability, ConversationId } from '#shared/wire/ids.ts';

/**
 * What a tab keeps so that a reload goes on with the same conversation: the right to take part,
 * numbers, ciphertext under keys that are gone, and a key that proves "still me" and opens nothing.
 * Never a word of what was said: browsers write session storage to disk.
 */
const Kept = v.object({
  conversation: ConversationId,
  capability: Capability,
  visitor: Visitor,
  /** Whether a counsellor has taken the conversation. */
  isTaken: v.boolean(),
  /** At the counsellor's desk, when (ms by its clock); a visitor's tab keeps no time. */
  takenAt: v.optional(v.nullable(v.number()), null),
  /** What the clip opens that was shown; null in a first conversation. */
  stage: v.nullable(Stage),
  /** Both have written. */
  talked: v.optional(v.boolean(), false),
  resumeKey: v.nullable(Base64Url(32)),
  nextN: v.number(),
  expected: v.number(),
  outbox: v.array(v.object({ n: v.number(), sealed: v.string() }))
});
export type Kept = v.InferOutput<typeof Kept>;

const prefix = 'frirum:';

export const begin = (
  conversation: ConversationId,
  capability: Capability,
  visitor: Visitor,
  isTaken: boolean,
  stage: Stage | null = null
): Kept => ({
  conversation,
  capability,
  visitor,
  isTaken,
  takenAt: isTaken ? Date.now() : null,
  stage,
  talked: false,
  resumeKey: null,
  nextN: 1,
  expected: 1,
  outbox: []
});

export function keep(kept: Kept): void {
  sessionStorage.setItem(prefix + kept.conversation, JSON.stringify(kept));
}

export function forget(conversation: ConversationId): void {
  sessionStorage.removeItem(prefix + conversation);
}

/** Every conversation this tab takes part in; damaged entries are thrown away. */
export function keptConversations(): Kept[] {
  const found: Kept[] = [];
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(prefix)) continue;
    const kept = read(sessionStorage.getItem(key) ?? '');
    if (kept) found.push(kept);
    else sessionStorage.removeItem(key);
  }
  return found;
}

function read(text: string): Kept | null {
  try {
    const kept = v.safeParse(Kept, JSON.parse(text));
    return kept.success ? kept.output : null;
  } catch {
    return null;
  }
}

export const deliveryOf = ({ nextN, expected, outbox }: Kept): DeliveryState => ({
  nextN,
  expected,
  outbox: outbox.flatMap(({ n, sealed }) => {
    const bytes = fromBase64Url(sealed);
    return bytes ? [{ n, sealed: bytes }] : [];
  })
});

export const withDelivery = (kept: Kept, { nextN, expected, outbox }: DeliveryState): Kept => ({
  ...kept,
  nextN,
  expected,
  outbox: outbox.map(({ n, sealed }) => ({ n, sealed: toBase64Url(sealed) }))
});

/** The 16 bytes behind a conversation's name; both sides' keys are bound to them. */
export const roomOf = ({ conversation }: Kept): Uint8Array =>
  fromBase64Url(conversation) ?? new Uint8Array(16);
export const resumeKeyOf = ({ resumeKey }: Kept): Uint8Array | undefined =>
  (resumeKey === null ? null : fromBase64Url(resumeKey)) ?? undefined;
