import { listPhrases, removePhrase, savePhrase } from '#shared/phrases/calls.ts';
import { inOrder, placeAfterStep, placeAtEnd } from '#shared/phrases/order.ts';
import type { Phrase, PhraseGroup } from '#shared/phrases/phrase.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import type { Line } from '../wire/line.ts';

/** What came of a change. `newer`: somebody else made one first; null when the phrase is gone. */
export type Changed =
  | { readonly kind: 'done' }
  | { readonly kind: 'newer'; readonly phrase: Phrase | null }
  | { readonly kind: 'refused'; readonly refusal: string };

/** The house's phrases, as far as this desk has asked for them. */
export class PhraseBook {
  #byLanguage = $state.raw<Partial<Record<Language, readonly Phrase[]>>>({});
  #refusal = $state<string | null>(null);
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** Null until they have come. */
  in(language: Language): readonly Phrase[] | null {
    return this.#byLanguage[language] ?? null;
  }

  /** Why they did not come the last time. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Asks for them anew; those that are here stay until then. */
  async load(language: Language): Promise<void> {
    const answer = await this.#line.ask(listPhrases, { language });
    this.#refusal = answer.ok ? null : answer.refusal;
    if (answer.ok) this.#put(language, answer.value.phrases);
  }

  async change(
    language: Language,
    { id, group, text, place, hidden, version }: Phrase
  ): Promise<Changed> {
    return this.#save(language, { id, group, text, place, hidden, version });
  }

  /** Adds one of the house's own at the end of its group. */
  async add(language: Language, group: PhraseGroup, text: string): Promise<Changed> {
    const place = placeAtEnd(this.in(language) ?? [], group);
    return this.#save(language, { id: null, group, text, place, hidden: false, version: 0 });
  }

  /** One step up (-1) or down (1). */
  async move(language: Language, phrase: Phrase, step: -1 | 1): Promise<Changed> {
    const place = placeAfterStep(this.in(language) ?? [], phrase, step);
    return place === null ? { kind: 'done' } : this.change(language, { ...phrase, place });
  }

  /** Back to how it came; one of the house's own goes. */
  async remove(language: Language, { id, version }: Phrase): Promise<Changed> {
    const answer = await this.#line.ask(removePhrase, { language, id, version });
    if (!answer.ok) return { kind: 'refused', refusal: answer.refusal };
    const { outcome, phrase } = answer.value;
    this.#replace(language, id, phrase);
    return outcome === 'removed' ? { kind: 'done' } : { kind: 'newer', phrase };
  }

  async #save(
    language: Language,
    change: Omit<Phrase, 'id' | 'shipped'> & { id: string | null }
  ): Promise<Changed> {
    const answer = await this.#line.ask(savePhrase, { language, ...change });
    if (!answer.ok) return { kind: 'refused', refusal: answer.refusal };
    const { outcome, phrase } = answer.value;
    this.#replace(language, phrase?.id ?? change.id, phrase);
    return outcome === 'saved' ? { kind: 'done' } : { kind: 'newer', phrase };
  }

  #replace(language: Language, id: string | null, phrase: Phrase | null): void {
    const others = (this.in(language) ?? []).filter((one) => one.id !== id);
    this.#put(language, inOrder(phrase ? [...others, phrase] : others));
  }

  #put(language: Language, phrases: readonly Phrase[]): void {
    this.#byLanguage = { ...this.#byLanguage, [language]: phrases };
  }
}
