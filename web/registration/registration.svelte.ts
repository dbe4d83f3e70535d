import {
  lengthBandOf,
  type AboutAge,
  type LengthBand,
  type Onward,
  type Registration,
  type Substance,
  type Theme
} from '#shared/statistics/registration.ts';
import type { Visitor, VisitorKind } from '#shared/visitor/visitor.ts';

/** What there is to register of a conversation that has ended, and where it goes. */
export interface Registering {
  readonly visitor: Visitor;
  /** How long it was (minutes), asked once: when it has ended. */
  minutes(): number;
  /** @returns the refusal, or null when it is counted */
  send(registration: Registration | 'nothing'): Promise<string | null>;
}

const final = ['already-registered', 'not-your-conversation', 'conversation-forgotten'];

/** The form of one registration; what the desk knows is filled in already. */
export class RegistrationForm {
  kind = $state<VisitorKind>('young');
  age = $state<AboutAge>('unknown');
  substance = $state<Substance>('none');
  onward = $state<Onward>('unknown');
  length = $state<LengthBand>('under-15');
  #themes = $state.raw<readonly Theme[]>([]);
  #isSending = $state(false);
  #refusal = $state<string | null>(null);
  readonly #registering: Registering;

  constructor(registering: Registering) {
    this.#registering = registering;
    this.kind = registering.visitor.kind;
    this.age = registering.visitor.age ?? 'unknown';
    this.length = lengthBandOf(registering.minutes());
  }

  get themes(): readonly Theme[] {
    return this.#themes;
  }
  get isSending(): boolean {
    return this.#isSending;
  }
  /** Why it was not counted; what was filled in is still there. */
  get refusal(): string | null {
    return this.#refusal;
  }
  /** No further try would count it. */
  get isFinal(): boolean {
    return this.#refusal !== null && final.includes(this.#refusal);
  }

  toggle(theme: Theme): void {
    const others = this.#themes.filter((one) => one !== theme);
    this.#themes = others.length < this.#themes.length ? others : [...others, theme];
  }

  /** @returns whether it is counted */
  save(): Promise<boolean> {
    const { kind, age, themes, substance, onward, length } = this;
    return this.#send({ kind, age, themes: [...themes], substance, onward, length });
  }

  saveNothing(): Promise<boolean> {
    return this.#send('nothing');
  }

  async #send(registration: Registration | 'nothing'): Promise<boolean> {
    if (this.#isSending) return false;
    this.#isSending = true;
    this.#refusal = await this.#registering.send(registration);
    this.#isSending = false;
    return this.#refusal === null;
  }
}
