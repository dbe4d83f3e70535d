import * as v from 'valibot';
import { Language } from '#shared/visitor/visitor.ts';
import { staffLocales } from '../words/staff-locales.js';
import type { PreferencesView } from './view.ts';

const place = 'frirum-desk';
const Kept = v.object({
  layout: v.picklist(['one', 'side']),
  sound: v.boolean(),
  shortcuts: v.boolean(),
  folded: v.array(v.string()),
  writes: v.optional(v.array(Language), [...staffLocales])
});

/** How this device's desk is set up. It says nothing about anybody and stays on the device. */
export class Preferences implements PreferencesView {
  #layout = $state<'one' | 'side'>('one');
  #sound = $state(false);
  #shortcuts = $state(true);
  #folded = $state.raw<readonly string[]>(['language']);
  #writes = $state.raw<readonly Language[]>(staffLocales);

  constructor() {
    const kept = read();
    if (!kept) return;
    this.#layout = kept.layout;
    this.#sound = kept.sound;
    this.#shortcuts = kept.shortcuts;
    this.#folded = kept.folded;
    this.#writes = kept.writes;
  }

  get layout(): 'one' | 'side' {
    return this.#layout;
  }
  set layout(layout: 'one' | 'side') {
    this.#layout = layout;
    this.#keep();
  }

  get sound(): boolean {
    return this.#sound;
  }
  set sound(isOn: boolean) {
    this.#sound = isOn;
    this.#keep();
  }

  get shortcuts(): boolean {
    return this.#shortcuts;
  }
  set shortcuts(areOn: boolean) {
    this.#shortcuts = areOn;
    this.#keep();
  }

  isFolded(section: string): boolean {
    return this.#folded.includes(section);
  }
  fold(section: string, isFolded: boolean): void {
    if (this.isFolded(section) === isFolded) return;
    const others = this.#folded.filter((one) => one !== section);
    this.#folded = isFolded ? [...others, section] : others;
    this.#keep();
  }

  get writes(): readonly Language[] {
    return this.#writes;
  }
  write(language: Language, canWrite: boolean): void {
    this.#writes = Language.options.filter((one) =>
      one === language ? canWrite : this.#writes.includes(one)
    );
    this.#keep();
  }

  #keep(): void {
    const kept = {
      layout: this.#layout,
      sound: this.#sound,
      shortcuts: this.#shortcuts,
      folded: this.#folded,
      writes: [...this.#writes]
    };
    try {
      localStorage.setItem(place, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing starts over the next time.
    }
  }
}

function read(): v.InferOutput<typeof Kept> | null {
  try {
    const kept = v.safeParse(Kept, JSON.parse(localStorage.getItem(place) ?? ''));
    return kept.success ? kept.output : null;
  } catch {
    return null;
  }
}
