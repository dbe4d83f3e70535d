import * as v from 'valibot';
import { AgeBand, VisitorKind } from '../visitor/visitor.ts';

/** The age band of the young person it was about; a parent or a professional may not have said. */
export const AboutAge = v.picklist([...AgeBand.options, 'unknown']);
export type AboutAge = v.InferOutput<typeof AboutAge>;

export const Theme = v.picklist([
  'home',
  'school',
  'friends',
  'partner',
  'loneliness',
  'anxiety',
  'low-mood',
  'violence',
  'money',
  'substances',
  'something-else'
]);
export type Theme = v.InferOutput<typeof Theme>;

/** What it was mostly about, if it was about something one takes; `none`: it was not. */
export const Substance = v.picklist([
  'none',
  'alcohol',
  'cannabis',
  'nicotine',
  'laughing-gas',
  'cocaine',
  'ecstasy-or-speed',
  'medicine',
  'other'
]);
export type Substance = v.InferOutput<typeof Substance>;

/** What comes after this conversation. */
export const Onward = v.picklist(['continues-here', 'goes-elsewhere', 'enough-for-now', 'unknown']);
export type Onward = v.InferOutput<typeof Onward>;

/** Minutes; the lower end belongs to the band. */
export const LengthBand = v.picklist(['under-15', '15-30', '30-60', 'over-60']);
export type LengthBand = v.InferOutput<typeof LengthBand>;

/** What a counsellor says of a conversation that is over. It is counted and then forgotten. */
export const Registration = v.strictObject({
  kind: VisitorKind,
  age: AboutAge,
  themes: v.pipe(
    v.array(Theme),
    v.maxLength(Theme.options.length),
    v.check((themes) => new Set(themes).size === themes.length, 'a theme counts once')
  ),
  substance: Substance,
  onward: Onward,
  length: LengthBand
});
export type Registration = v.InferOutput<typeof Registration>;

/** @param minutes how long the conversation was */
export function lengthBandOf(minutes: number): LengthBand {
  if (minutes < 15) return 'under-15';
  if (minutes < 30) return '15-30';
  return minutes < 60 ? '30-60' : 'over-60';
}
