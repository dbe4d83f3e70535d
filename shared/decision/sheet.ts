import * as v from 'valibot';
import { Decision, defaultRule, mayDecide, type Holder } from '../klippekort/rule.ts';

export const DecisionField = v.picklist([
  'what',
  'whom',
  'by-whom',
  'when',
  'reach-visitor',
  'reach-counsellor',
  'note'
]);
export type DecisionField = v.InferOutput<typeof DecisionField>;

type Side = 'visitor' | 'counsellor';

/** The sheet both fill in together; it travels whole, inside the encryption only. */
export const Sheet = v.object({
  /** Grows with every change; of two changes at once the counsellor's stands. */
  version: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e6)),
  by: v.picklist(['visitor', 'counsellor']),
  kind: v.nullable(Decision),
  fields: v.partial(
    v.object({
      what: v.pipe(v.string(), v.maxLength(1500)),
      whom: v.pipe(v.string(), v.maxLength(1500)),
      'by-whom': v.pipe(v.string(), v.maxLength(1500)),
      when: v.pipe(v.string(), v.maxLength(1500)),
      'reach-visitor': v.pipe(v.string(), v.maxLength(1500)),
      'reach-counsellor': v.pipe(v.string(), v.maxLength(1500)),
      note: v.pipe(v.string(), v.maxLength(1500))
    })
  )
});
export type Sheet = v.InferOutput<typeof Sheet>;

export const emptySheet: Sheet = { version: 0, by: 'visitor', kind: null, fields: {} };

export const changed = (
  sheet: Sheet,
  by: Side,
  change: Partial<Pick<Sheet, 'kind' | 'fields'>>
): Sheet => ({
  ...sheet,
  ...change,
  version: sheet.version + 1,
  by
});

/** Whether a sheet of the other side takes the place of this one. */
export const isNewer = (theirs: Sheet, ours: Sheet): boolean =>
  theirs.version > ours.version ||
  (theirs.version === ours.version && theirs.by === 'counsellor' && ours.by === 'visitor');

/** The kinds a holder may decide, by the organisation's rule. */
export const kindsFor = (holder: Holder): readonly Decision[] =>
  Decision.options.filter((kind) => mayDecide(defaultRule, holder, kind));
