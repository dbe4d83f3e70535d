import { recordDecision } from '#shared/klippekort/calls.ts';
import { holderOf } from '#shared/klippekort/rule.ts';
import type { Payload } from '#shared/conversation/payload.ts';
import { changed, emptySheet, isNewer, kindsFor, type Sheet } from '#shared/decision/sheet.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { Line } from '../wire/line.ts';
import type { DecisionField, DecisionView } from './view.ts';
import type { DecisionKind } from '../klippekort/view.ts';

/** Words are told to the other side after a pause of this many milliseconds. */
const tellAfter = 350;
const recordAgain = 1_500;

export interface DecisionParts {
  readonly role: DecisionView['role'];
  readonly visitor: Visitor;
  readonly line: Line;
  readonly capability: string;
  readonly send: (payload: Payload) => void;
  /** The server knows that both said the same. */
  readonly onRecorded: () => void;
}

/** The sheet of one conversation, the same on both screens. */
export class DecisionState implements DecisionView {
  #due = $state(false);
  #isOpen = $state(false);
  #sheet = $state.raw<Sheet>(emptySheet);
  #mine = $state<number | null>(null);
  #theirs = $state<number | null>(null);
  #isRecorded = $state(false);
  #refusal = $state<string | null>(null);
  readonly #parts: DecisionParts;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: DecisionParts) {
    this.#parts = parts;
  }

  get due(): boolean {
    return this.#due;
  }
  get isOpen(): boolean {
    return this.#isOpen;
  }
  get age(): DecisionView['age'] {
    return this.#parts.visitor.age ?? 'under-18';
  }
  get role(): DecisionView['role'] {
    return this.#parts.role;
  }
  get kind(): DecisionKind | null {
    return this.#sheet.kind;
  }
  get options(): readonly DecisionKind[] {
    return kindsFor(holderOf(this.#parts.visitor));
  }
  get fields(): DecisionView['fields'] {
    return this.#sheet.fields as DecisionView['fields'];
  }
  get confirmedByMe(): boolean {
    return this.#mine === this.#sheet.version;
  }
  get confirmedByOther(): boolean {
    return this.#theirs === this.#sheet.version;
  }
  get isRecorded(): boolean {
    return this.#isRecorded;
  }
  get refusal(): string | null {
    return this.#refusal;
  }

  /** A fifth conversation, or a card that waits for the decision. */
  becomesDue(): void {
    this.#due = true;
  }

  open(): void {
    this.#isOpen = true;
    this.#parts.send({ kind: 'decision-opened' });
  }

  close(): void {
    this.#isOpen = false;
  }

  choose(kind: DecisionKind): void {
    this.#change({ kind });
  }

  write(field: DecisionField, words: string): void {
    this.#change({ fields: { ...this.#sheet.fields, [field]: words } });
  }

  confirm(): void {
    if (this.#sheet.kind === null || this.#isRecorded) return;
    this.#tellNow();
    this.#mine = this.#sheet.version;
    this.#parts.send({ kind: 'decision-confirmed', version: this.#sheet.version });
    void this.#record();
  }

  /** What the other side's page sent. */
  hear(payload: Payload): void {
    if (payload.kind === 'decision-due') this.#due = true;
    else if (payload.kind === 'decision-opened') {
      this.#due = true;
      this.#isOpen = true;
    } else if (payload.kind === 'decision-changed' && isNewer(payload.sheet, this.#sheet)) {
      this.#due = true;
      this.#sheet = payload.sheet;
    } else if (payload.kind === 'decision-confirmed') {
      this.#theirs = payload.version;
      void this.#record();
    }
  }

  /** Tells the whole sheet again, to a page that was reloaded. */
  tellAgain(): void {
    if (this.#sheet.version > 0) this.#parts.send({ kind: 'decision-changed', sheet: this.#sheet });
    if (this.confirmedByMe)
      this.#parts.send({ kind: 'decision-confirmed', version: this.#sheet.version });
  }

  #change(change: Parameters<typeof changed>[2]): void {
    if (this.#isRecorded) return;
    this.#sheet = changed(this.#sheet, this.#parts.role, change);
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => this.#tellNow(), tellAfter);
  }

  #tellNow(): void {
    clearTimeout(this.#telling);
    this.#parts.send({ kind: 'decision-changed', sheet: this.#sheet });
  }

  /** Both have confirmed the same words: the kind is recorded, by each of the two. */
  async #record(): Promise<void> {
    const { line, capability, onRecorded } = this.#parts;
    const decision = this.#sheet.kind;
    if (!decision || !this.confirmedByMe || !this.confirmedByOther || this.#isRecorded) return;
    const answer = await line.ask(recordDecision, { capability, decision });
    const isAgreed = answer.ok && answer.value.agreed;
    this.#refusal = answer.ok || answer.refusal === 'line-down' ? null : answer.refusal;
    if (isAgreed || (!answer.ok && answer.refusal === 'already')) {
      this.#refusal = null;
      this.#isRecorded = true;
      onRecorded();
    } else if (!this.#refusal || this.#refusal === 'not-held') {
      // The other side's word, or that the conversation took place, may still be on its way.
      setTimeout(() => void this.#record(), recordAgain);
    }
  }
}
