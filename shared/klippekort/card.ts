import * as v from 'valibot';
import type { ClipPlace } from '../crypto/clip-seed.ts';
import { Base64Url } from '../wire/bytes.ts';
import { Capability, ConversationId } from '../wire/ids.ts';
import { Decision, Holder } from './rule.ts';
import { mayOpen, stageOf, type Stage } from './stage.ts';

const Small = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const Epoch = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff));

const Place = v.strictObject({
  stage: v.picklist(['ordinary', 'fifth', 'pending', 'decision']),
  index: Small,
  generation: Small
});

/** A clip in hand: its place gives the nonce, the value (5 bytes) proves it. Bytes are base64url. */
export const Clip = v.strictObject({
  place: Place,
  /** Of a decision clip only. */
  decision: v.nullable(Decision),
  value: Base64Url(5)
});
export type Clip = v.InferOutput<typeof Clip>;

export const Card = v.strictObject({
  holder: Holder,
  epoch: Epoch,
  /** 10 bytes. */
  seed: Base64Url(10),
  /** The epoch's public key the clips were made with, 32 bytes; null after reading a code, which has no room for it. */
  key: v.nullable(Base64Url(32)),
  clips: v.array(Clip)
});
export type Card = v.InferOutput<typeof Card>;

const Blinded = v.strictObject({ place: Place, blind: Base64Url(32), blinded: Base64Url(32) });
export type Blinded = v.InferOutput<typeof Blinded>;

const Conversation = { conversation: ConversationId, capability: Capability };

/** A card was asked for and has not come. */
const Asked = v.strictObject({
  step: v.literal('asked'),
  ...Conversation,
  card: Card,
  blinded: v.array(Blinded)
});
/**
 * A clip was shown: for a conversation, or a pending one for a decision clip. `sure`: the server has said
 * that it took it. A clip that was shown is bound to that conversation, and is shown in no other.
 */
const Held = v.strictObject({
  step: v.literal('held'),
  way: v.picklist(['hold', 'decide']),
  ...Conversation,
  clip: Clip,
  next: Blinded,
  refund: Blinded,
  sure: v.boolean()
});

/**
 * All that is on the device, and it is nowhere else. No times: when somebody talked is nobody's business.
 * `under` is what was begun with the server and is not finished; its clip is not among the card's.
 */
export const Klippekort = v.strictObject({
  version: v.literal(1),
  card: v.nullable(Card),
  under: v.nullable(v.variant('step', [Asked, Held]))
});
export type Klippekort = v.InferOutput<typeof Klippekort>;

export const noKlippekort: Klippekort = { version: 1, card: null, under: null };

export const writeKlippekort = (klippekort: Klippekort): string => JSON.stringify(klippekort);

/** @returns null for what is no klippekort of this version. */
export function readKlippekort(text: string): Klippekort | null {
  try {
    const read = v.safeParse(Klippekort, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

export const clipStage = ({ place, decision }: Clip): Stage =>
  stageOf(place, decision) ?? 'pending';

/** How many anonymous conversations are left on the card; null when there is no card yet. */
export const clipsLeft = ({ card }: Klippekort): number | null =>
  card &&
  card.clips.filter(({ place }) => place.stage === 'ordinary' || place.stage === 'fifth').length;

/** Where the card stands as a whole, as it is shown. */
export function cardStage({ card, under }: Klippekort): 'none' | 'open' | 'pending' | 'decided' {
  if (!card) return 'none';
  const clips = under?.step === 'held' ? [...card.clips, under.clip] : card.clips;
  const has = (stage: ClipPlace['stage']) => clips.some(({ place }) => place.stage === stage);
  if (has('ordinary') || has('fifth')) return 'open';
  return has('pending') ? 'pending' : 'decided';
}

const order: readonly ClipPlace['stage'][] = ['ordinary', 'fifth', 'pending', 'decision'];

/** The clip to show for the next conversation: the fifth after every ordinary one, the one that came back least first. */
export function nextClip(card: Card): Clip | null {
  const open = card.clips.filter((clip) => mayOpen(clipStage(clip)));
  const sorted = open.toSorted(
    ({ place: one }, { place: other }) =>
      order.indexOf(one.stage) - order.indexOf(other.stage) ||
      one.generation - other.generation ||
      one.index - other.index
  );
  return sorted[0] ?? null;
}

export const isSamePlace = (one: ClipPlace, other: ClipPlace): boolean =>
  one.stage === other.stage && one.index === other.index && one.generation === other.generation;
