import type { Telling, TellingKind } from '#shared/hint/tells-who.ts';
import lines from '../lines/lines.json' with { type: 'json' };

type Rules = typeof import('#shared/hint/tells-who.ts');

/** The numbers that the page itself shows: to repeat them tells nothing. */
const shown = lines.map(({ number }) => number.replace(/\D/g, ''));

/**
 * Asks before something goes out that says who its writer is. It looks on this device and nowhere else, keeps
 * nothing, and asks once about each kind of thing. A line that does not bring the rules stops nobody.
 */
export class Hint {
  #rules: Rules | null = null;
  #isReady = $state(false);
  #text = $state<string | null>(null);
  #telling = $state.raw<readonly Telling[]>([]);
  readonly #settled = new Set<TellingKind>();

  constructor() {
    // They come while the two devices agree on keys.
    void import('#shared/hint/tells-who.ts')
      .then((rules) => (this.#rules = rules))
      .catch(() => null)
      .finally(() => (this.#isReady = true));
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** The kinds of things that wait for an answer; none while nothing does. */
  kindsIn(draft: string): readonly TellingKind[] {
    return draft === this.#text ? [...new Set(this.#telling.map(({ kind }) => kind))] : [];
  }

  /** @returns true when the writer shall look at it first */
  stops(text: string): boolean {
    const all = this.#rules?.tellsWho(text, shown) ?? [];
    this.#telling = all.filter(({ kind }) => !this.#settled.has(kind));
    this.#text = this.#telling.length > 0 ? text : null;
    return this.#text !== null;
  }

  /** The writer has decided to tell it. */
  settle(): void {
    for (const { kind } of this.#telling) this.#settled.add(kind);
    this.dismiss();
  }

  dismiss(): void {
    this.#text = null;
    this.#telling = [];
  }

  /** The text with what tells who wrote it left out. */
  withoutIt(text: string): string {
    return this.#rules?.without(text, this.#telling) ?? text;
  }
}
