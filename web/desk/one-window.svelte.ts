import * as v from 'valibot';

const name = 'frirum-desk';
/** A window that is asked has this long to answer (ms). */
const patience = 1_500;

const Word = v.variant('say', [
  v.object({ say: v.literal('who-has-them') }),
  v.object({ say: v.literal('here'), count: v.number(), ids: v.array(v.string()) }),
  v.object({ say: v.literal('bring-them'), to: v.string() }),
  v.object({ say: v.literal('take-them'), to: v.string(), given: v.array(v.unknown()) })
]);
type Word = v.InferOutput<typeof Word>;

export interface WindowHost {
  /** The conversations that this window has open. */
  ids(): readonly string[];
  /** Lets go of them and says what another window needs to go on. */
  give(): readonly unknown[];
  take(given: readonly unknown[]): void;
  /** From now on this window is the one. */
  arrived(): void;
  /** Another window has these; what a copied tab brought along of them is worth nothing. */
  heldElsewhere(ids: readonly string[]): void;
}

/**
 * One counsellor's conversations live in one window of a browser: two would take them from each other.
 * The window that works holds a lock; the others know of it, and can have the conversations brought.
 */
export class OneWindow {
  #place = $state<'asking' | 'here' | 'elsewhere'>('asking');
  #count = $state(0);
  #isSilent = $state(false);
  readonly #id = crypto.randomUUID();
  readonly #host: WindowHost;
  readonly #channel = new BroadcastChannel(name);
  readonly #gone = new AbortController();
  #letGo: () => void = () => {};
  #isInLine = false;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(host: WindowHost) {
    this.#host = host;
    this.#channel.addEventListener('message', ({ data }) => {
      const word = v.safeParse(Word, data);
      if (word.success) this.#hear(word.output);
    });
    // A page that is left must not answer for the one that comes after it.
    addEventListener('pagehide', ({ persisted }) => persisted || this.#channel.close(), {
      signal: this.#gone.signal
    });
    this.#queueUp();
    this.#say({ say: 'who-has-them' });
    this.#waiting = setTimeout(() => {
      if (this.#place === 'asking') this.#place = 'elsewhere';
    }, patience);
  }

  get place(): 'asking' | 'here' | 'elsewhere' {
    return this.#place;
  }
  /** How many conversations the other window has open. */
  get count(): number {
    return this.#count;
  }
  /** The other window does not answer. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Asks the window that has them for the conversations. */
  bringHere(): void {
    if (this.#place === 'here') return;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => (this.#isSilent = true), patience);
    this.#say({ say: 'bring-them', to: this.#id });
  }

  /** Tells the other windows how many there are now. */
  tell(): void {
    if (this.#place !== 'here') return;
    const ids = [...this.#host.ids()];
    this.#say({ say: 'here', count: ids.length, ids });
  }

  close(): void {
    clearTimeout(this.#waiting);
    this.#gone.abort();
    this.#letGo();
    this.#channel.close();
  }

  #hear(word: Word): void {
    if (word.say === 'who-has-them') this.tell();
    else if (word.say === 'here') this.#heardOf(word.count, word.ids);
    else if (word.say === 'bring-them' && this.#place === 'here') {
      this.#say({ say: 'take-them', to: word.to, given: [...this.#host.give()] });
      this.#place = 'elsewhere';
    } else if (word.say === 'take-them' && word.to === this.#id) {
      // The lock first: it stays with whoever has the conversations.
      this.#hold({ steal: true }, () => this.#arrive(word.given));
    }
  }

  #heardOf(count: number, ids: readonly string[]): void {
    if (this.#place === 'here') return;
    clearTimeout(this.#waiting);
    this.#isSilent = false;
    this.#count = count;
    const isNew = this.#place === 'asking';
    this.#place = 'elsewhere';
    this.#host.heldElsewhere(ids);
    // Nothing is going on there, and somebody has just opened this one.
    if (isNew && count === 0) this.bringHere();
  }

  /** Stands in line for the lock, and holds it until another window takes it or this one closes. */
  #queueUp(): void {
    // Without a secure origin there are no locks, and nothing to keep apart.
    if (!('locks' in navigator)) return this.#arrive([]);
    if (this.#isInLine) return;
    this.#isInLine = true;
    this.#hold({ signal: this.#gone.signal }, () => {
      this.#isInLine = false;
      this.#arrive([]);
    });
  }

  #hold(how: LockOptions, then: () => void): void {
    const held = navigator.locks.request(name, how, () => {
      then();
      return new Promise<void>((resolve) => (this.#letGo = resolve));
    });
    void held.catch(() => {
      if (this.#gone.signal.aborted) return;
      // Taken by another window; when that one closes, this one may be next.
      this.#place = 'elsewhere';
      this.#queueUp();
    });
  }

  #arrive(given: readonly unknown[]): void {
    clearTimeout(this.#waiting);
    this.#isSilent = false;
    this.#place = 'here';
    this.#host.take(given);
    this.#host.arrived();
    this.tell();
  }

  #say(word: Word): void {
    this.#channel.postMessage(word);
  }
}
