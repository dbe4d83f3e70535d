import { m } from '#web/words/paraglide/messages.js';
import type {
  AboutAge,
  LengthBand,
  Onward,
  Substance,
  Theme
} from '#shared/statistics/registration.ts';
import type { VisitorKind } from '#shared/visitor/visitor.ts';

type Names<Value extends string> = Readonly<Record<Value, () => string>>;

export const kindNames: Names<VisitorKind> = {
  young: m.kind_young,
  parent: m.kind_parent,
  professional: m.kind_professional
};
export const ageNames: Names<AboutAge> = {
  'under-18': m.age_under_18,
  '18-24': m.age_18_24,
  unknown: m.registration_unknown
};
export const themeNames: Names<Theme> = {
  home: m.registration_theme_home,
  school: m.registration_theme_school,
  friends: m.registration_theme_friends,
  partner: m.registration_theme_partner,
  loneliness: m.registration_theme_loneliness,
  anxiety: m.registration_theme_anxiety,
  'low-mood': m.registration_theme_low_mood,
  violence: m.registration_theme_violence,
  money: m.registration_theme_money,
  substances: m.registration_theme_substances,
  'something-else': m.registration_theme_something_else
};
export const substanceNames: Names<Substance> = {
  none: m.registration_substance_none,
  alcohol: m.registration_substance_alcohol,
  cannabis: m.registration_substance_cannabis,
  nicotine: m.registration_substance_nicotine,
  'laughing-gas': m.registration_substance_laughing_gas,
  cocaine: m.registration_substance_cocaine,
  'ecstasy-or-speed': m.registration_substance_ecstasy_or_speed,
  medicine: m.registration_substance_medicine,
  other: m.registration_substance_other
};
export const onwardNames: Names<Onward> = {
  'continues-here': m.registration_onward_here,
  'goes-elsewhere': m.registration_onward_elsewhere,
  'enough-for-now': m.registration_onward_enough,
  unknown: m.registration_unknown
};
export const lengthNames: Names<LengthBand> = {
  'under-15': m.registration_length_under_15,
  '15-30': m.registration_length_15_30,
  '30-60': m.registration_length_30_60,
  'over-60': m.registration_length_over_60
};
