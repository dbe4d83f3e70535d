import * as v from 'valibot';
import { Sheet } from '../decision/sheet.ts';
import { MemberId, rosterPayloads } from '../roster/payload.ts';
import { Topic } from '../visitor/visitor.ts';

/** The longest payload of one message, in bytes of UTF-8: with its padding it fits 16 KiB. */
const payloadLimit = 16_300;

const Id = v.pipe(v.string(), v.maxLength(22));
/** The roster that something was said under: who came later does not hear it. 0, or none: before the first. */
const Epoch = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0);
const Text = v.object({ kind: v.literal('text'), id: Id, text: v.string(), epoch: Epoch });
const HistoryItem = v.object({
  id: Id,
  from: v.picklist(['visitor', 'counsellor', 'third']),
  text: v.string(),
  epoch: Epoch,
  /** The member who said it and how they are called, once there are more than two. */
  by: v.optional(v.nullable(MemberId), null),
  name: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(80))), null)
});
export type HistoryItem = v.InferOutput<typeof HistoryItem>;

/** What travels inside the encryption. The server never sees any of it. */
const Payload = v.variant('kind', [
  Text,
  v.object({ kind: v.literal('typing') }),
  v.object({ kind: v.literal('about'), topics: v.array(Topic) }),
  v.object({ kind: v.literal('introduction'), name: v.pipe(v.string(), v.maxLength(80)) }),
  /** My page was reloaded: tell me again what was said. */
  v.object({ kind: v.literal('history-asked') }),
  v.object({ kind: v.literal('history-told'), items: v.array(HistoryItem) }),
  /** This is the fifth, or a card that waits for the decision. */
  v.object({ kind: v.literal('decision-due') }),
  v.object({ kind: v.literal('decision-opened') }),
  v.object({ kind: v.literal('decision-changed'), sheet: Sheet }),
  v.object({ kind: v.literal('decision-confirmed'), version: v.number() }),
  /** The young person shows where they are on their card, because they want to. */
  v.object({ kind: v.literal('card-shown'), used: v.number(), limit: v.number() }),
  v.object({ kind: v.literal('goodbye') }),
  ...rosterPayloads
]);
export type Payload = v.InferOutput<typeof Payload>;

/** UTF-8 of JSON. */
export const writePayload = (payload: Payload): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(payload));

/** Bytes that can still be added to a text before it no longer fits one message; negative: too long. */
export const roomLeft = (text: string): number =>
  payloadLimit -
  writePayload({ kind: 'text', id: '0'.repeat(22), text, epoch: 0xffff_ffff }).length;

/** @returns null for anything this version does not know: a newer side may say more. */
export function readPayload(bytes: Uint8Array): Payload | null {
  try {
    const read = v.safeParse(Payload, JSON.parse(new TextDecoder().decode(bytes)));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/** Splits what was said into payloads that each fit one message. */
export function historyPayloads(items: readonly HistoryItem[]): Payload[] {
  const parts: HistoryItem[][] = [];
  let room = 0;
  for (const item of items) {
    const size = new TextEncoder().encode(JSON.stringify(item)).length + 1;
    const last = parts.at(-1);
    if (last && size <= room) {
      last.push(item);
      room -= size;
    } else {
      parts.push([item]);
      room = payloadLimit - 100 - size;
    }
  }
  return parts.map((part) => ({ kind: 'history-told', items: part }));
}
