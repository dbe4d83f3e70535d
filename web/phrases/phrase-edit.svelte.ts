import { longestPhrase, type Phrase, type PhraseGroup } from '#shared/phrases/phrase.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import type { Changed, PhraseBook } from './phrase-book.svelte.ts';

/** What is being done to one phrase. Whatever goes wrong, the words that were typed stay. */
export class PhraseEdit {
  text = $state('');
  #phrase = $state.raw<Phrase | null>(null);
  #newer = $state.raw<{ readonly text: string | null } | null>(null);
  #refusal = $state<string | null>(null);
  readonly #book: PhraseBook;
  readonly #language: Language;
  readonly #group: PhraseGroup;

  /** @param phrase null for a new one */
  constructor(book: PhraseBook, language: Language, group: PhraseGroup, phrase: Phrase | null) {
    this.#book = book;
    this.#language = language;
    this.#group = group;
    this.#phrase = phrase;
    this.text = phrase?.text ?? '';
  }

  get phrase(): Phrase | null {
    return this.#phrase;
  }
  /** What somebody else has made of it meanwhile; its text is null when they deleted it. */
  get newer(): { readonly text: string | null } | null {
    return this.#newer;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  /** Characters too many. */
  get over(): number {
    return Math.max(0, this.text.trim().length - longestPhrase);
  }
  get isReady(): boolean {
    return this.text.trim() !== '' && this.over === 0;
  }

  /** Saves the words over whatever is there now, which was shown. @returns whether it is done */
  async save(): Promise<boolean> {
    const text = this.text.trim();
    const phrase = this.#phrase;
    return this.#made(
      await (phrase
        ? this.#book.change(this.#language, { ...phrase, text })
        : this.#book.add(this.#language, this.#group, text))
    );
  }

  async hide(hidden: boolean): Promise<boolean> {
    const phrase = this.#phrase;
    if (!phrase) return false;
    return this.#made(await this.#book.change(this.#language, { ...phrase, hidden }));
  }

  async remove(): Promise<boolean> {
    const phrase = this.#phrase;
    return phrase !== null && this.#made(await this.#book.remove(this.#language, phrase));
  }

  #made(changed: Changed): boolean {
    this.#refusal = changed.kind === 'refused' ? changed.refusal : null;
    this.#newer = changed.kind === 'newer' ? { text: changed.phrase?.text ?? null } : null;
    // What is saved next is saved over the newer one, now that it was seen.
    if (changed.kind === 'newer') this.#phrase = changed.phrase;
    return changed.kind === 'done';
  }
}
