import * as v from 'valibot';

/** What a phrase is for, in the order of a conversation. */
export const PhraseGroup = v.picklist([
  'begin',
  'listen',
  'wish',
  'scale',
  'exception',
  'outside',
  'honest',
  'goodbye'
]);
export type PhraseGroup = v.InferOutput<typeof PhraseGroup>;

/** A word for a phrase that ships, 12 random characters for one of the house's own. */
export const PhraseId = v.pipe(v.string(), v.regex(/^[a-z0-9-]{3,40}$/));
export type PhraseId = v.InferOutput<typeof PhraseId>;

export const longestPhrase = 600;

/** What can stand in a message: letters of any language and line breaks, nothing that steers a screen. */
export const PhraseText = v.pipe(
  v.string(),
  v.maxLength(longestPhrase),
  v.check((text) => text.trim() === text && text !== '', 'begins and ends with a letter'),
  v.check((text) => !/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.test(text), 'plain text')
);

/** 0: as it ships. Every change gives it one that no phrase had before. */
export const PhraseVersion = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Where it stands in its group: the smaller, the earlier. */
export const PhrasePlace = v.pipe(v.number(), v.finite(), v.minValue(-1e6), v.maxValue(1e6));

/** One phrase in one language, as the house uses it now. */
export const Phrase = v.object({
  id: PhraseId,
  group: PhraseGroup,
  text: PhraseText,
  place: PhrasePlace,
  /** Kept, but not offered to counsellors. */
  hidden: v.boolean(),
  version: PhraseVersion,
  /** The wording it came with; null for one of the house's own. */
  shipped: v.nullable(PhraseText)
});
export type Phrase = v.InferOutput<typeof Phrase>;
