import * as v from 'valibot';
import { placeStep } from '#shared/phrases/order.ts';
import { PhraseGroup, PhraseId, PhraseText, type Phrase } from '#shared/phrases/phrase.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import written from './shipped-phrases.json' with { type: 'json' };

const Shipped = v.strictObject({
  id: PhraseId,
  group: PhraseGroup,
  da: PhraseText,
  en: PhraseText,
  ar: PhraseText,
  tr: PhraseText
});
const shipped = v.parse(v.array(Shipped), written);

/** The phrases as they come with Frirum, before a house has changed any. */
export const shippedIn = (language: Language): readonly Phrase[] =>
  shipped.map((phrase, at) => ({
    id: phrase.id,
    group: phrase.group,
    text: phrase[language],
    place: (at + 1) * placeStep,
    hidden: false,
    version: 0,
    shipped: phrase[language]
  }));
