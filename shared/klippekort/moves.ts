import {
  clipStage,
  isSamePlace,
  type Blinded,
  type Card,
  type Clip,
  type Klippekort
} from './card.ts';
import type { Decision, Holder } from './rule.ts';
import { stageAfter, type Outcome } from './stage.ts';

type Under = NonNullable<Klippekort['under']>;
export type Asked = Extract<Under, { step: 'asked' }>;
export type Held = Extract<Under, { step: 'held' }>;

export type WithCard = Klippekort & { card: Card };

/** The right to one conversation, as joining the queue gave it. */
export interface At {
  readonly conversation: string;
  readonly capability: string;
}

/** A new card is asked for: everything is written down before anything is sent. */
export const ask = (
  klippekort: Klippekort,
  { conversation, capability }: At,
  card: { holder: Holder; epoch: number; seed: string; key: string },
  blinded: readonly Blinded[]
): Klippekort => ({
  ...klippekort,
  under: {
    step: 'asked',
    conversation,
    capability,
    card: { ...card, clips: [] },
    blinded: [...blinded]
  }
});

/** The card is there. `values` in the order of what was asked. */
export const cardCame = (under: Asked, values: readonly string[]): Klippekort => ({
  version: 1,
  card: {
    ...under.card,
    clips: under.blinded.map(({ place }, at) => ({
      place,
      decision: null,
      value: values[at] ?? ''
    }))
  },
  under: null
});

/** A clip leaves the card, for a conversation or for a decision clip. */
export const hold = (
  klippekort: WithCard,
  { conversation, capability }: At,
  held: Pick<Held, 'way' | 'clip' | 'next' | 'refund'>
): Klippekort => ({
  ...klippekort,
  card: without(klippekort.card, held.clip),
  under: { step: 'held', conversation, capability, ...held, sure: false }
});

export const holdIsSure = (klippekort: Klippekort, under: Held): Klippekort => ({
  ...klippekort,
  under: { ...under, sure: true }
});

/**
 * What came of it, in one state and so in one write: the new clip is there before what it came from is
 * gone, whatever happens to the page.
 * @param value of the clip that follows; null when none does
 */
export function settled(
  klippekort: WithCard,
  under: Held,
  outcome: Outcome,
  value: string | null
): Klippekort {
  const stage = stageAfter(clipStage(under.clip), outcome);
  if (stage === null || value === null) return { ...klippekort, under: null };
  const isBack = outcome === 'did-not';
  const clip: Clip = {
    place: isBack ? under.refund.place : under.next.place,
    decision: isBack ? under.clip.decision : decisionIn(outcome),
    value
  };
  const { card } = klippekort;
  return { ...klippekort, card: { ...card, clips: [...card.clips, clip] }, under: null };
}

const decisionIn = (outcome: Outcome): Decision | null =>
  outcome === 'did-not' || outcome === 'took-place' ? null : outcome;

/** What was begun leads nowhere: it was used from a copy of the card, or is no clip of this service. */
export const dropUnder = (klippekort: Klippekort): Klippekort => ({ ...klippekort, under: null });

const without = (card: Card, clip: Clip): Card => ({
  ...card,
  clips: card.clips.filter(({ place }) => !isSamePlace(place, clip.place))
});
