import { PhraseGroup, type Phrase } from './phrase.ts';

/** Between the places of two phrases as they ship. */
export const placeStep = 100;

const groupAt = ({ group }: Phrase): number => PhraseGroup.options.indexOf(group);

/** Group by group, in their places; the same for everybody, whatever order they came in. */
export const inOrder = (phrases: readonly Phrase[]): readonly Phrase[] =>
  phrases.toSorted(
    (one, other) =>
      groupAt(one) - groupAt(other) || one.place - other.place || (one.id < other.id ? -1 : 1)
  );

/**
 * The place that brings a phrase one step up (-1) or down (1) within its group.
 * @returns null when it is there already
 */
export function placeAfterStep(
  phrases: readonly Phrase[],
  { id, group }: Pick<Phrase, 'id' | 'group'>,
  step: -1 | 1
): number | null {
  const places = inOrder(phrases.filter((phrase) => phrase.group === group));
  const at = places.findIndex((phrase) => phrase.id === id);
  const over = places[at + step];
  if (at < 0 || !over) return null;
  const beyond = places[at + 2 * step]?.place ?? over.place + 2 * step * placeStep;
  return (over.place + beyond) / 2;
}

/** The place at the end of a group. */
export const placeAtEnd = (phrases: readonly Phrase[], group: PhraseGroup): number =>
  Math.max(0, ...phrases.filter((one) => one.group === group).map(({ place }) => place)) +
  placeStep;
