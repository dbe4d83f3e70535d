import * as v from 'valibot';
import type { PreferencesView } from './view.ts';

const place = 'frirum-desk';
const Kept = v.object({
  layout: v.picklist(['one', 'side']),
  sound: v.boolean(),
  shortcuts: v.boolean(),
  folded: v.array(v.string())
});

/** How this device's desk is set up. It says nothing about anybody and stays on the device. */
export class Preferences implements PreferencesView {
  #layout = $state<'one' | 'side'>('one');
  #sound = $state(false);
  #shortcuts = $state(true);
  #folded = $state.raw<readonly string[]>([]);

  constructor() {
    const kept = read();
    if (!kept) return;
    this.#layout = kept.layout;
    this.#sound = kept.sound;
    this.#shortcuts = kept.shortcuts;
    this.#folded = kept.folded;
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

  #keep(): void {
    const kept = {
      layout: this.#layout,
      sound: this.#sound,
      shortcuts: this.#shortcuts,
      folded: this.#folded
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
