import {
  houseChanged,
  leaveQueue,
  lookIn,
  placeChanged,
  returnToQueue,
  visitorTaken,
  waitsElsewhere,
  type Place,
  type Returned
} from '#shared/queue/calls.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { AgeBand, Language, Topic, Visitor, VisitorKind } from '#shared/visitor/visitor.ts';
import { begin, forget, keep, type Kept } from '../conversation/kept.ts';
import type { Line } from '../wire/line.ts';
import { askForPlace } from './ask-for-place.ts';
import type { WaitingView } from './view.ts';

interface Parts {
  readonly line: Line;
  readonly language: Language;
  /** The place or the conversation this tab already has, from before a reload. */
  readonly kept: Kept | null;
  readonly onTaken: (kept: Kept) => void;
  /** Shows a clip of the card; null when there is none. */
  readonly present: (at: { conversation: string; capability: string }) => Promise<Stage | null>;
  /** The name of what keeps this visitor from a new conversation; null when nothing does. */
  readonly standsInTheWay: () => string | null;
  /** The clip was shown only after the door had been opened. */
  readonly onStage: (stage: Stage | null) => void;
  /** The place was given up. */
  readonly onLeft: () => void;
}

/** A visitor's way from the choice to the conversation. */
export class Waiting implements WaitingView {
  #step = $state<WaitingView['step']>('choosing');
  #kind = $state<VisitorKind | null>(null);
  #age = $state<AgeBand | null>(null);
  #topics = $state<readonly Topic[]>([]);
  #onShift = $state<number | null>(null);
  #place = $state<number | null>(null);
  #estimate = $state<number | null>(null);
  #returned = $state<Returned | null>(null);
  #connected = $state(false);
  #refusal = $state<string | null>(null);

  #line: Line | null = null;
  #language: Language = 'da';
  #onTaken: (kept: Kept) => void = () => {};
  #present: Parts['present'] = async () => null;
  #onLeft: () => void = () => {};
  #standsInTheWay: Parts['standsInTheWay'] = () => null;
  #onStage: (stage: Stage | null) => void = () => {};
  #kept: Kept | null = null;
  /** A place is being asked for; another object, or null, when it is no longer wanted. */
  #wish: object | null = null;

  open({ line, language, kept, onTaken, present, onStage, onLeft, standsInTheWay }: Parts): void {
    this.#present = present;
    this.#onStage = onStage;
    this.#onLeft = onLeft;
    this.#standsInTheWay = standsInTheWay;
    this.#line = line;
    this.#language = language;
    this.#onTaken = onTaken;
    this.#kept = kept;
    if (kept) {
      this.#step = kept.isTaken ? 'talking' : 'waiting';
      this.#kind = kept.visitor.kind;
      this.#age = kept.visitor.age;
    }
    this.#listen(line);
  }

  /** This browser cannot hold keys: better to know before one waits. */
  cannotTalk(): void {
    if (this.#step === 'choosing') this.#refusal = 'cannot-load';
  }

  /** What was begun is over: the same page can begin again. */
  startOver(): void {
    this.#backToStart(null);
  }

  /** The counsellor is gone: the same conversation waits at its old place, on a fresh line. */
  goBack(line: Line, why: Returned): void {
    if (!this.#kept) return;
    const { conversation, capability, visitor, stage } = this.#kept;
    this.#keep(begin(conversation, capability, visitor, false, stage));
    this.#step = 'waiting';
    this.#place = null;
    this.#refusal = null;
    this.#returned = why;
    this.#line = line;
    this.#listen(line);
  }

  get step(): WaitingView['step'] {
    return this.#step;
  }
  get kind(): VisitorKind | null {
    return this.#kind;
  }
  get age(): AgeBand | null {
    return this.#age;
  }
  get topics(): readonly Topic[] {
    return this.#topics;
  }
  get onShift(): number | null {
    return this.#onShift;
  }
  get place(): number | null {
    return this.#place;
  }
  get estimate(): number | null {
    return this.#estimate;
  }
  get returned(): Returned | null {
    return this.#returned;
  }
  get connected(): boolean {
    return this.#connected;
  }
  get refusal(): string | null {
    return this.#refusal;
  }

  choose(kind: VisitorKind): void {
    this.#kind = kind;
    if (kind !== 'young') this.#age = null;
  }

  chooseAge(age: AgeBand): void {
    this.#age = age;
  }

  toggleTopic(topic: Topic): void {
    const has = this.#topics.includes(topic);
    this.#topics = has ? this.#topics.filter((one) => one !== topic) : [...this.#topics, topic];
  }

  start(): void {
    void this.#join();
  }

  leave(): void {
    if (this.#step !== 'waiting' && this.#step !== 'proving') return;
    this.#wish = null;
    this.#line?.callOut(leaveQueue, {});
    this.#backToStart(null);
    this.#onLeft();
  }

  get #visitor(): Visitor | null {
    const kind = this.#kind;
    if (!kind || (kind === 'young' && !this.#age)) return null;
    return { kind, age: kind === 'young' ? this.#age : null, language: this.#language };
  }

  #listen(line: Line): void {
    line.onState((isUp) => {
      this.#connected = isUp;
      if (isUp) void this.#arrive(line);
    });
    line.hear(houseChanged, ({ onShift }) => (this.#onShift = onShift));
    line.hear(placeChanged, (place) => this.#stand(place));
    line.hear(visitorTaken, () => this.#taken());
    line.hear(waitsElsewhere, () => this.#goneOnElsewhere());
    line.open();
  }

  async #arrive(line: Line): Promise<void> {
    if (this.#step === 'talking') return;
    if (this.#kept) return this.#return(line, this.#kept);
    const answer = await line.ask(lookIn, {});
    if (answer.ok) this.#onShift = answer.value.onShift;
  }

  async #join(): Promise<void> {
    const visitor = this.#visitor;
    const line = this.#line;
    if (!visitor || !line || this.#step !== 'choosing') return;
    this.#refusal = this.#standsInTheWay();
    if (this.#refusal) return;
    this.#step = 'proving';
    const wish = (this.#wish = { visitor });
    const answer = await askForPlace(line, visitor, () => this.#wish === wish);
    if (this.#wish !== wish) return;
    this.#wish = null;
    if (!answer.ok) return this.#backToStart(answer.refusal);
    const { conversation, capability } = answer.value;
    this.#keep(begin(conversation, capability, visitor, false));
    this.#returned = null;
    this.#step = 'waiting';
    this.#stand(answer.value);
    await this.#showClip();
  }

  /** The clip is shown once there is a place to use it for; a line that breaks shows it again. */
  async #showClip(): Promise<void> {
    const kept = this.#kept;
    if (!kept) return;
    const { conversation, capability } = kept;
    const stage = await this.#present({ conversation, capability }).catch(() => null);
    if (!this.#kept || this.#kept.conversation !== conversation) return;
    this.#kept = { ...this.#kept, stage };
    if (this.#step === 'waiting') keep(this.#kept);
    else this.#onStage(stage);
  }

  async #return(line: Line, kept: Kept): Promise<void> {
    const answer = await line.ask(returnToQueue, { capability: kept.capability });
    // Left meanwhile, or gone on over another line.
    const still = this.#kept;
    if (still?.conversation !== kept.conversation || this.#line !== line) return;
    if (answer.ok) {
      const { value } = answer;
      this.#keep({ ...still, capability: value.capability });
      if (value.state === 'taken') return this.#taken();
      this.#returned = value.returned;
      this.#stand(value);
      // A server that was started again no longer knows what was shown.
      return this.#showClip();
    }
    if (answer.refusal === 'waits-elsewhere') this.#goneOnElsewhere();
    if (answer.refusal === 'unknown-capability' || answer.refusal === 'conversation-closed')
      this.#backToStart('place-lost');
  }

  #stand({ place, estimate, onShift }: Place): void {
    this.#place = place;
    this.#estimate = estimate;
    this.#onShift = onShift;
  }

  #goneOnElsewhere(): void {
    if (this.#step === 'waiting') this.#backToStart('waits-elsewhere');
  }

  #taken(): void {
    if (!this.#kept || this.#step === 'talking') return;
    this.#step = 'talking';
    this.#onTaken(this.#keep({ ...this.#kept, isTaken: true }));
  }

  #keep(kept: Kept): Kept {
    this.#kept = kept;
    keep(kept);
    return kept;
  }

  #backToStart(refusal: string | null): void {
    if (this.#kept) forget(this.#kept.conversation);
    this.#kept = null;
    this.#step = 'choosing';
    this.#place = null;
    this.#returned = null;
    this.#refusal = refusal;
  }
}
