import * as v from 'valibot';
import { Language } from '../visitor/visitor.ts';
import { defineCall } from '../wire/define-call.ts';
import { Phrase, PhraseGroup, PhraseId, PhrasePlace, PhraseText, PhraseVersion } from './phrase.ts';

/** The phrases of a conversation's language, group by group, in their order; hidden ones too. */
export const listPhrases = defineCall({
  name: 'phrases:list',
  who: 'staff',
  request: v.strictObject({ language: Language }),
  value: v.object({ phrases: v.array(Phrase) }),
  refusals: []
});

/** Somebody else changed it since `version`: what it is now, null when it is gone. Nothing was changed. */
const ChangedMeanwhile = v.object({
  outcome: v.literal('changed-meanwhile'),
  phrase: v.nullable(Phrase)
});

/** Changes a phrase, or adds one of the house's own (`id: null`, `version: 0`). */
export const savePhrase = defineCall({
  name: 'phrases:save',
  who: 'lead',
  request: v.strictObject({
    language: Language,
    id: v.nullable(PhraseId),
    group: PhraseGroup,
    text: PhraseText,
    place: PhrasePlace,
    hidden: v.boolean(),
    version: PhraseVersion
  }),
  value: v.variant('outcome', [
    v.object({ outcome: v.literal('saved'), phrase: Phrase }),
    ChangedMeanwhile
  ]),
  refusals: ['unknown-phrase', 'too-many-phrases']
});

/** A phrase that ships goes back to how it came; one of the house's own is gone. */
export const removePhrase = defineCall({
  name: 'phrases:remove',
  who: 'lead',
  request: v.strictObject({ language: Language, id: PhraseId, version: PhraseVersion }),
  value: v.variant('outcome', [
    v.object({ outcome: v.literal('removed'), phrase: v.nullable(Phrase) }),
    ChangedMeanwhile
  ]),
  refusals: ['unknown-phrase']
});
