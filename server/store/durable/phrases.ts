import type { PhraseGroup } from '#shared/phrases/phrase.ts';
import type { Language } from '#shared/visitor/visitor.ts';

/** What the house has changed in a phrase, or a phrase it has added. */
export interface ChangedPhrase {
  readonly language: Language;
  readonly id: string;
  readonly group: PhraseGroup;
  /** Null: the wording it ships with. */
  readonly text: string | null;
  readonly place: number;
  readonly hidden: boolean;
}

export interface StoredPhrase extends ChangedPhrase {
  /** 1 or more, never given twice: not even to a phrase that was removed and is changed again. */
  readonly version: number;
}

/** A change that was made on what is there no more; with what is there now. */
export interface Overtaken {
  readonly overtakenBy: StoredPhrase | null;
}

export interface Phrases {
  changedIn(language: Language): Promise<readonly StoredPhrase[]>;
  /** Stores it if `version` is still what is stored; 0: nothing is. One atomic step. */
  put(phrase: ChangedPhrase, version: number): Promise<StoredPhrase | Overtaken>;
  /** Forgets the change if `version` is still what is stored. One atomic step. */
  remove(language: Language, id: string, version: number): Promise<'removed' | Overtaken>;
}
