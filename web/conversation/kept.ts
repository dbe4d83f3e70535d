import * as v from 'valibot';
import type { DeliveryState } from '#shared/conversation/delivery.ts';
import { Stage } from '#shared/klippekort/stage.ts';
import { Epoch, Guest, Hash, MemberId } from '#shared/roster/payload.ts';
import { Visitor } from '#shared/visitor/visitor.ts';
import { Base64Url, fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { Capability, ConversationId } from '#shared/wire/ids.ts';

/** A room for two of a larger conversation. */
const KeptPair = v.object({
  /** The conversation it belongs to. */
  of: ConversationId,
  /** What this side proves, and is proved. */
  role: v.picklist(['visitor', 'counsellor', 'guest-asking', 'guest-answering']),
  /** Who is at the other end; null until a roster has said so, and where an invited person is waited for. */
  member: v.nullable(MemberId),
  side: v.picklist(['visitor', 'counsellor', 'third']),
  /** Since which roster the other takes part. */
  joined: v.number()
});

/** What is known of who takes part: numbers and hashes, never a name. */
const KeptCircle = v.object({
  /** The conversation that the rosters are about; one who was invited has another name for it. */
  of: ConversationId,
  me: v.nullable(MemberId),
  roster: v.nullable(
    v.object({
      epoch: Epoch,
      hash: Hash,
      members: v.array(v.object({ role: v.string(), keyId: Base64Url(16) }))
    })
  ),
  /** The first pair of the conversation: `none` for one who came later, `resting` when its counsellor has left. */
  first: v.picklist(['here', 'resting', 'none']),
  /** Where an invited person is waited for. */
  lobby: v.nullable(v.object({ conversation: ConversationId, capability: Capability, who: Guest }))
});
export type KeptCircle = v.InferOutput<typeof KeptCircle>;

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
  /** How often it has attached before. */
  attempt: v.optional(v.number(), 0),
  nextN: v.number(),
  expected: v.number(),
  outbox: v.array(v.object({ n: v.number(), sealed: v.string() })),
  pair: v.optional(KeptPair),
  circle: v.optional(KeptCircle)
});
export type Kept = v.InferOutput<typeof Kept>;

const prefix = 'frirum:';
const pairPrefix = 'frirum-pair:';

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
  attempt: 0,
  nextN: 1,
  expected: 1,
  outbox: []
});

/** Nobody is known yet of who takes part. */
export const beginCircle = (of: ConversationId, first: KeptCircle['first']): KeptCircle => ({
  of,
  first,
  me: null,
  roster: null,
  lobby: null
});

export function keep(kept: Kept): void {
  // Before a pair has its keys a reload cannot go on with it: it is introduced anew.
  if (kept.pair && (kept.resumeKey === null || kept.pair.member === null)) return;
  const name = (kept.pair ? pairPrefix : prefix) + kept.conversation;
  sessionStorage.setItem(name, JSON.stringify(kept));
}

/** Forgets it with the rooms that belong to it. */
export function forget(conversation: ConversationId): void {
  for (const { conversation: pair } of keptPairs(conversation))
    sessionStorage.removeItem(pairPrefix + pair);
  sessionStorage.removeItem(prefix + conversation);
  sessionStorage.removeItem(pairPrefix + conversation);
}

/** Every conversation this tab takes part in; damaged entries are thrown away. */
export const keptConversations = (): Kept[] => keptUnder(prefix);

/** The pairs of one conversation that this tab is in. */
export const keptPairs = (of: ConversationId): Kept[] =>
  keptUnder(pairPrefix).filter(({ pair }) => pair?.of === of);

function keptUnder(under: string): Kept[] {
  const found: Kept[] = [];
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(under)) continue;
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
