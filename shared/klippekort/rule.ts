import * as v from 'valibot';
import type { Visitor } from '../visitor/visitor.ts';

/** Who a card belongs to, as they said it; part of what every clip says openly. */
export const Holder = v.picklist(['young-under-18', 'young-18-24', 'parent', 'professional']);
export type Holder = v.InferOutput<typeof Holder>;

/** What a young person and a counsellor can decide together after the fifth conversation. */
export const Decision = v.picklist(['inform', 'involve', 'continue-known', 'stop', 'not-safe']);
export type Decision = v.InferOutput<typeof Decision>;

/** Local policy, not statute: every part of it is a setting. */
export interface Rule {
  /** Anonymous conversations one person may have, from 3 to 10. The first needs no clip, the last is `fifth`. */
  readonly limit: number;
  /** Who gets a card at all; everybody else is not counted. */
  readonly holders: readonly Holder[];
  readonly decisions: Readonly<Record<Holder, readonly Decision[]>>;
}

export const defaultRule: Rule = {
  limit: 5,
  holders: ['young-under-18', 'young-18-24'],
  decisions: {
    'young-under-18': Decision.options,
    // Grown up: what comes next is theirs to say, and parents have no part in it.
    'young-18-24': ['continue-known', 'stop', 'not-safe'],
    parent: [],
    professional: []
  }
};

export const holderOf = ({ kind, age }: Visitor): Holder => {
  if (kind === 'young') return age === '18-24' ? 'young-18-24' : 'young-under-18';
  return kind;
};

export const holdsCard = (rule: Rule, holder: Holder): boolean => rule.holders.includes(holder);

export const mayDecide = (rule: Rule, holder: Holder, decision: Decision): boolean =>
  rule.decisions[holder].includes(decision);

/** How many ordinary clips a new card has: the first conversation cost none, the last is the fifth clip. */
export const ordinaryClips = ({ limit }: Rule): number => limit - 2;
