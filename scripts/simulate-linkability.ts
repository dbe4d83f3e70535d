/**
 * How often a server that sees what a clip says, and when it is used, links a fifth conversation to its
 * holder's fourth. Two cards are compared: one whose clips show their number, and the 4 + 1 card, whose
 * ordinary clips are all alike. `npm run simulate:linkability` prints the table; SECURITY.md quotes it.
 *
 * The model: visitors come at random times; after each conversation some of them come once more, the
 * others never; the days between two conversations of one person follow a gamma distribution. The
 * observer knows the model, and the time to the second, and assigns every fifth to the earlier
 * conversation that is most likely its fourth, by whichever of two ways does better. All visitors are of
 * one age band: another band is seen, and is another crowd.
 */
export interface Model {
  readonly name: string;
  /** Chance that somebody comes once more, after each conversation. */
  readonly comesAgain: number;
  /** Mean of the days between, and the shape: the higher, the more regular. */
  readonly meanGap: number;
  readonly shape: number;
}

/** A weekly rhythm is what a counselling service offers, and what makes linking easier. */
export const weekly: Model = {
  name: 'Half come again, about every seven days',
  comesAgain: 0.5,
  meanGap: 7,
  shape: 3
};
const others: readonly Model[] = [
  { name: 'Half come again, when they need to', comesAgain: 0.5, meanGap: 14, shape: 1.5 },
  { name: 'Fewer come again (0.4): a smaller crowd', comesAgain: 0.4, meanGap: 7, shape: 3 },
  { name: 'Nearly the same day every week', comesAgain: 0.5, meanGap: 7, shape: 20 }
];
/** Days after which nobody is expected back. */
const longestGap = 90;
const fifthsLookedAt = 3000;
export const visitorsAWeek = [5, 10, 20, 50, 100] as const;

interface Talk {
  readonly person: number;
  readonly nth: number;
  /** Days since the beginning. */
  readonly at: number;
}

/** mulberry32: the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A normal number, mean 0 and variance 1 (Box and Muller). */
const normal = (chance: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());

/** A gamma number of a shape of at least 1 and mean 1 (Marsaglia and Tsang). */
function gamma(shape: number, chance: () => number): number {
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(chance);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - chance()) < (x * x) / 2 + d - d * v + d * Math.log(v))
      return (d * v) / shape;
  }
}

/** Logarithm of the density of a gap, up to a constant. */
const likelihood = ({ meanGap, shape }: Model, gap: number): number =>
  (shape - 1) * Math.log(gap) - (shape * gap) / meanGap;

/** All conversations of a service, in the order of time. */
function conversations(model: Model, newAWeek: number, seed: number): Talk[] {
  const { comesAgain, meanGap, shape } = model;
  const chance = numbers(seed);
  const people = Math.ceil(fifthsLookedAt / comesAgain ** 4);
  const days = (people / newAWeek) * 7;
  const talks: Talk[] = [];
  for (let person = 0; person < people; person += 1) {
    let at = chance() * days;
    for (let nth = 1; nth <= 5; nth += 1) {
      talks.push({ person, nth, at });
      if (chance() >= comesAgain) break;
      at += meanGap * gamma(shape, chance);
    }
  }
  return talks.toSorted((one, other) => one.at - other.at);
}

interface Guess {
  readonly fifth: Talk;
  readonly fourth: Talk;
  readonly weight: number;
}

/** Every earlier conversation that could be a fifth's fourth, as far as the observer can see. */
function guesses(
  model: Model,
  talks: readonly Talk[],
  couldBeFourth: (talk: Talk) => boolean
): Guess[] {
  const candidates = talks.filter(couldBeFourth);
  const found: Guess[] = [];
  let from = 0;
  for (const fifth of talks.filter(({ nth }) => nth === 5)) {
    while ((candidates[from]?.at ?? Infinity) < fifth.at - longestGap) from += 1;
    for (let at = from; (candidates[at]?.at ?? Infinity) < fifth.at; at += 1) {
      const fourth = candidates[at];
      if (fourth) found.push({ fifth, fourth, weight: likelihood(model, fifth.at - fourth.at) });
    }
  }
  return found;
}

/** For each fifth the most likely fourth; `once` says that nobody's fourth is followed by two. */
function linked(sorted: readonly Guess[], once: boolean): number {
  const answered = new Set<Talk>();
  const taken = new Set<Talk>();
  let right = 0;
  for (const { fifth, fourth } of sorted) {
    if (answered.has(fifth) || (once && taken.has(fourth))) continue;
    answered.add(fifth);
    taken.add(fourth);
    if (fifth.person === fourth.person && fourth.nth === 4) right += 1;
  }
  return right;
}

function shareLinked(
  model: Model,
  talks: readonly Talk[],
  couldBeFourth: (talk: Talk) => boolean
): number {
  const sorted = guesses(model, talks, couldBeFourth).toSorted(
    (one, other) => other.weight - one.weight
  );
  const fifths = talks.filter(({ nth }) => nth === 5).length;
  return Math.max(linked(sorted, true), linked(sorted, false)) / fifths;
}

export interface Linkability {
  readonly newAWeek: number;
  /** Share of fifths linked to the right fourth, 0 to 1. */
  readonly numbered: number;
  readonly fourPlusOne: number;
}

/** @param seed the same seed gives the same figures */
export function simulate(newAWeek: number, model = weekly, seed = 1): Linkability {
  const talks = conversations(model, newAWeek, seed);
  return {
    newAWeek,
    numbered: shareLinked(model, talks, ({ nth }) => nth === 4),
    fourPlusOne: shareLinked(model, talks, ({ nth }) => nth >= 2 && nth <= 4)
  };
}

if (import.meta.main) {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  console.log(
    'A fifth conversation linked to the right fourth, by a server that sees stage and time.'
  );
  for (const model of [weekly, ...others]) {
    console.log(`\n${model.name}\nnew visitors a week   number shown   4 + 1 card`);
    for (const newAWeek of visitorsAWeek) {
      const { numbered, fourPlusOne } = simulate(newAWeek, model);
      const cells = [String(newAWeek).padStart(19), percent(numbered).padStart(12)];
      console.log([...cells, percent(fourPlusOne).padStart(10)].join('   '));
    }
  }
}
