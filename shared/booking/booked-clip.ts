import {
  clipStage,
  isSamePlace,
  nextClip,
  type Card,
  type Klippekort
} from '../klippekort/card.ts';
import type { Held } from '../klippekort/moves.ts';

/**
 * A clip that is bound to a booking lives with the ticket, as a card with one clip on it: it is held for
 * days, and meanwhile the card itself goes on being used.
 */
export const withoutClips = (card: Card): Card => ({ ...card, clips: [] });

/** The clip that would be shown next, on a card of its own; null when there is none to show. */
export function nextAlone({ card }: Klippekort): Klippekort | null {
  const clip = card && nextClip(card);
  return clip ? { version: 1, card: { ...card, clips: [clip] }, under: null } : null;
}

/** The card without a clip that lives with a ticket. */
export function withoutClipOf(klippekort: Klippekort, alone: Klippekort): Klippekort {
  const { card } = klippekort;
  if (!card || card.seed !== alone.card?.seed) return klippekort;
  const gone = [...alone.card.clips, ...(alone.under?.step === 'held' ? [alone.under.clip] : [])];
  const clips = card.clips.filter(
    ({ place }) => !gone.some((clip) => isSamePlace(clip.place, place))
  );
  return { ...klippekort, card: { ...card, clips } };
}

/** What came back, or what followed: on the card again. A card that was thrown away stays thrown away. */
export function putBack(klippekort: Klippekort, alone: Klippekort): Klippekort {
  const { card } = klippekort;
  if (!card || !alone.card || card.seed !== alone.card.seed) return klippekort;
  const without = withoutClipOf(klippekort, alone).card ?? card;
  return { ...klippekort, card: { ...without, clips: [...without.clips, ...alone.card.clips] } };
}

/** The conversation begins: the clip is the card's again, held for it. Null when the card is busy. */
export function holdAgain(
  klippekort: Klippekort,
  alone: Klippekort,
  capability: string
): Klippekort | null {
  const held = alone.under?.step === 'held' ? alone.under : null;
  if (!held || !alone.card || klippekort.under) return null;
  const { card } = withoutClipOf(klippekort, alone);
  if (card && card.seed !== alone.card.seed) return null;
  const under: Held = { ...held, capability, sure: true };
  return { version: 1, card: card ?? withoutClips(alone.card), under };
}

/** What the clip opens that is bound to this booking. */
export const stageOfAlone = ({ under, card }: Klippekort) => {
  const clip = under?.step === 'held' ? under.clip : card?.clips[0];
  return clip ? clipStage(clip) : null;
};
