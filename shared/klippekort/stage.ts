import * as v from 'valibot';
import type { ClipPlace } from '../crypto/clip-seed.ts';
import type { Decision } from './rule.ts';

/**
 * What a clip opens, and all that anyone sees of it. A number would tell a small service which fourth
 * conversation a fifth belongs to; these do not.
 */
export const Stage = v.picklist([
  'ordinary',
  'fifth',
  'pending',
  'decision-inform',
  'decision-involve',
  'decision-continue-known',
  'decision-stop',
  'decision-not-safe'
]);
export type Stage = v.InferOutput<typeof Stage>;

/** How a conversation ended for the clip that was held for it; a decision settles a pending one. */
export const Outcome = v.picklist([
  'did-not',
  'took-place',
  'inform',
  'involve',
  'continue-known',
  'stop',
  'not-safe'
]);
export type Outcome = v.InferOutput<typeof Outcome>;

export const stageOf = (place: ClipPlace, decision: Decision | null): Stage | null => {
  if (place.stage !== 'decision') return place.stage;
  return decision && `decision-${decision}`;
};

/** Whether a conversation can be had for a clip. Most decisions are an end; one is a conversation with a parent. */
export const mayOpen = (stage: Stage): boolean =>
  stage === 'ordinary' || stage === 'fifth' || stage === 'pending' || stage === 'decision-involve';

/** Whether an outcome can be one of a clip of this stage. */
export const isOutcomeOf = (stage: Stage, outcome: Outcome): boolean =>
  outcome === 'did-not' || (outcome === 'took-place') !== (stage === 'pending');

/** What the holder gets for a clip once the outcome is known: the same again, what follows, or nothing. */
export function stageAfter(stage: Stage, outcome: Outcome): Stage | null {
  if (outcome === 'did-not') return stage;
  if (stage === 'fifth' && outcome === 'took-place') return 'pending';
  if (stage === 'pending' && outcome !== 'took-place') return `decision-${outcome}`;
  return null;
}

/** Where what `stageAfter` names will stand on the card: one place for each element the device commits to. */
export const placesAfter = (place: ClipPlace): { next: ClipPlace | null; refund: ClipPlace } => ({
  next:
    place.stage === 'fifth'
      ? { stage: 'pending', index: 0, generation: 0 }
      : place.stage === 'pending'
        ? { stage: 'decision', index: 0, generation: 0 }
        : null,
  refund: { ...place, generation: place.generation + 1 }
});
