import * as v from 'valibot';

/** Who somebody says they are. Nobody checks it, and nothing else is asked. */
export const VisitorKind = v.picklist(['young', 'parent', 'professional']);
export type VisitorKind = v.InferOutput<typeof VisitorKind>;

/** A young person's age band; parents and professionals have none. */
export const AgeBand = v.picklist(['under-18', '18-24']);
export type AgeBand = v.InferOutput<typeof AgeBand>;

/** The languages a conversation can be asked for in. */
export const Language = v.picklist(['da', 'en', 'ar', 'tr']);
export type Language = v.InferOutput<typeof Language>;

/** All that the service, and a counsellor who looks at the queue, learns of a visitor. */
export const Visitor = v.pipe(
  v.strictObject({ kind: VisitorKind, age: v.nullable(AgeBand), language: Language }),
  v.check(({ kind, age }) => (kind === 'young') === (age !== null), 'age-belongs-to-young')
);
export type Visitor = v.InferOutput<typeof Visitor>;

/** What somebody may say they want help with. It travels inside the encrypted conversation only. */
export const Topic = v.picklist([
  'angry-parents',
  'school',
  'partner',
  'education',
  'social-anxiety',
  'hash',
  'alcohol',
  'something-else'
]);
export type Topic = v.InferOutput<typeof Topic>;
export const topics = Topic.options;
