import { cardStage, clipsLeft, noKlippekort, type Klippekort } from '#shared/klippekort/card.ts';
import type { CardHolder } from '#shared/klippekort/card-holder.ts';
import type { At } from '#shared/klippekort/moves.ts';
import {
  defaultRule,
  holderOf,
  holdsCard,
  type Holder,
  type Rule
} from '#shared/klippekort/rule.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { Line } from '../wire/line.ts';
import { keepCard, loadCard, moveCard, type KeptIn } from './kept-card.ts';
import { pageRule } from './page-rule.ts';
import type { CardView, DecisionKind } from './view.ts';

/** How long a card that was thrown away can be fetched back (ms). */
const undoFor = 10_000;
const punchedFor = 2_500;
/** What is not settled yet is asked for again after this long, this many times (ms). */
const askEvery = 1_500;
const askTimes = 20;

/** The card of this visitor: on this device or in this tab, and nowhere else. */
export class KlippekortState implements CardView {
  #klippekort = $state.raw<Klippekort>(noKlippekort);
  #keptIn = $state<KeptIn>('tab');
  #code = $state<string | null>(null);
  #refusal = $state<string | null>(null);
  #justPunched = $state(false);
  #justReturned = $state(false);
  #thrownAway = $state.raw<Klippekort | null>(null);
  #rule = $state.raw<Rule>(defaultRule);
  #line: Line | null = null;
  #organisationKey: Uint8Array = new Uint8Array();
  #holder: Promise<CardHolder> | null = null;

  /** Begins in a browser: what this tab or this device has kept. */
  open(line: Line, organisationKey: Uint8Array): void {
    this.#line = line;
    this.#organisationKey = organisationKey;
    this.#rule = pageRule();
    const { where, klippekort } = loadCard();
    this.#keptIn = where;
    this.#klippekort = klippekort;
  }

  /** The same conversation goes on over another line. */
  useLine(line: Line): void {
    this.#line = line;
  }

  get stage(): CardView['stage'] {
    return cardStage(this.#klippekort);
  }
  get clipsLeft(): number {
    const held = this.#klippekort.under?.step === 'held' ? 1 : 0;
    const isClip = ['ordinary', 'fifth'].includes(this.#heldStage ?? '');
    return (clipsLeft(this.#klippekort) ?? this.#rule.limit) + (isClip ? held : 0);
  }
  /** Which conversation this is: 1 without a card, then 2 to `limit`. */
  get talk(): number {
    if (this.stage === 'none') return 1;
    const isHeld = this.#klippekort.under?.step === 'held' ? 1 : 0;
    return Math.min(this.limit, this.limit - this.clipsLeft + isHeld);
  }
  get limit(): number {
    return this.#rule.limit;
  }
  get keptIn(): KeptIn {
    return this.#keptIn;
  }
  get code(): string | null {
    return this.#code;
  }
  get justPunched(): boolean {
    return this.#justPunched;
  }
  get justReturned(): boolean {
    return this.#justReturned;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get decision(): DecisionKind | null {
    return this.#klippekort.card?.clips.find(({ decision }) => decision)?.decision ?? null;
  }
  get canUndoForget(): boolean {
    return this.#thrownAway !== null;
  }

  /** Why no new conversation can begin with this card; null when one can. */
  get standsInTheWay(): 'card-decided' | null {
    return this.stage === 'decided' && this.decision !== 'involve' ? 'card-decided' : null;
  }

  /** Whose card it is, as they said when they got it; null without one. */
  get holder(): Holder | null {
    return this.#klippekort.card?.holder ?? null;
  }
  /** Whether somebody of this kind needs a clip from the second time on. */
  counts(visitor: Visitor): boolean {
    return holdsCard(this.#rule, holderOf(visitor));
  }
  get whole(): Klippekort {
    return this.#klippekort;
  }

  /** The card becomes another one: a clip left it for a booking, or came back. */
  async change(to: (klippekort: Klippekort) => Klippekort): Promise<void> {
    await (await this.#open()).change(to);
  }

  /** A clip that lives with a ticket, in the hands of who can show it. */
  async openAlone(alone: Klippekort, keep: (alone: Klippekort) => void): Promise<CardHolder> {
    if (!this.#line) throw new Error('not in a browser');
    const { openHolder } = await import('./open-holder.ts');
    const needs = { line: this.#line, organisationKey: this.#organisationKey, rule: this.#rule };
    return openHolder({ ...needs, keep }, alone);
  }

  /** Shows a clip for a conversation that is waited for. @returns what it opens; null: no clip */
  async present(at: At): Promise<Stage | null> {
    if (this.#klippekort.card === null) return null;
    const holder = await this.#open();
    await this.#finishOthers(holder, at);
    const shown = await holder.present(at);
    if (!shown.ok && shown.refusal !== 'no-clip') this.#refusal = shown.refusal;
    return shown.ok ? shown.value.stage : null;
  }

  /** Both have written: the card comes, or a clip is punched. */
  async tookPlace(at: At, visitor: Visitor): Promise<void> {
    const holder = await this.#open();
    const isFirst = this.#klippekort.card === null;
    if (isFirst && !holdsCard(this.#rule, holderOf(visitor))) return;
    const done = await this.#until(async () => {
      const answer = isFirst
        ? await holder.requestCard(at, holderOf(visitor))
        : await holder.settle();
      return answer.ok || !['not-held', 'open', 'line-down'].includes(answer.refusal);
    });
    if (done) this.#show('punched');
  }

  /** The conversation is over: a clip that opened nothing comes back. */
  async isOver(): Promise<void> {
    if (this.#klippekort.under === null) return;
    const holder = await this.#open();
    await this.#until(async () => {
      const answer = await holder.settle();
      if (answer.ok && answer.value.outcome === 'did-not') this.#show('returned');
      return answer.ok || !['open', 'line-down'].includes(answer.refusal);
    });
  }

  /** Both have decided: the pending clip becomes the decision's. */
  async decide(at: At): Promise<boolean> {
    const holder = await this.#open();
    return this.#until(async () => (await holder.decide(at)).ok);
  }

  keep(where: KeptIn): void {
    moveCard(where, this.#klippekort);
    this.#keptIn = where;
  }

  showCode(): void {
    void this.#withCode((code) => (this.#code = code));
  }

  hideCode(): void {
    this.#code = null;
  }

  savePicture(): void {
    void this.#withCode(async (code) => {
      const { saveTicket } = await import('./save-ticket.ts');
      const { clipsLeft: left, limit } = this;
      const saved = await saveTicket({ code, clipsLeft: left, limit });
      this.#refusal = saved.ok ? null : saved.refusal;
    });
  }

  importCode(typed: string): void {
    void this.#import(typed);
  }

  importPicture(file: File): void {
    void (async () => {
      const { readPicture } = await import('./read-picture.ts');
      const read = await readPicture(file);
      if (read.ok) await this.#import(read.code);
      else this.#refusal = read.refusal;
    })();
  }

  scan(video: HTMLVideoElement): { stop(): void } {
    let camera: { stop(): void } | null = null;
    let isStopped = false;
    void (async () => {
      const { scanCamera } = await import('./scan-camera.ts');
      camera = await scanCamera(video, (code) => void this.#import(code));
      if (camera === null) this.#refusal = 'no-camera';
      else if (isStopped) camera.stop();
    })();
    return {
      stop: () => {
        isStopped = true;
        camera?.stop();
      }
    };
  }

  forget(): void {
    const thrownAway = this.#klippekort;
    this.#thrownAway = thrownAway;
    this.#code = null;
    void this.#open().then((holder) => holder.forget());
    setTimeout(() => {
      if (this.#thrownAway === thrownAway) this.#thrownAway = null;
    }, undoFor);
  }

  undoForget(): void {
    if (!this.#thrownAway) return;
    this.#keep(this.#thrownAway);
    this.#holder = null;
    this.#thrownAway = null;
  }

  get #heldStage(): string | null {
    const { under } = this.#klippekort;
    return under?.step === 'held' ? under.clip.place.stage : null;
  }

  /** What was begun in an earlier conversation is finished before the next one. */
  async #finishOthers(holder: CardHolder, { conversation }: At): Promise<void> {
    const { under } = this.#klippekort;
    if (under && under.conversation !== conversation) await holder.resume();
  }

  async #withCode(use: (code: string) => unknown): Promise<void> {
    const holder = await this.#open();
    if (this.#klippekort.under) await holder.resume();
    const written = holder.writeCode();
    this.#refusal = written.ok ? null : written.refusal;
    if (written.ok) await use(written.code);
  }

  async #import(text: string): Promise<void> {
    const holder = await this.#open();
    const read = await holder.readCode(text);
    this.#refusal = read.ok ? null : read.refusal;
  }

  #open(): Promise<CardHolder> {
    const line = this.#line;
    if (!line) return Promise.reject(new Error('not in a browser'));
    this.#holder ??= import('./open-holder.ts').then(({ openHolder }) =>
      openHolder(
        {
          line: { ask: (call, request) => (this.#line ?? line).ask(call, request) },
          organisationKey: this.#organisationKey,
          rule: this.#rule,
          keep: (state) => this.#keep(state)
        },
        this.#klippekort
      )
    );
    return this.#holder;
  }

  #keep(klippekort: Klippekort): void {
    keepCard(this.#keptIn, klippekort);
    this.#klippekort = klippekort;
  }

  #show(what: 'punched' | 'returned'): void {
    const set = (on: boolean) => {
      if (what === 'punched') this.#justPunched = on;
      else this.#justReturned = on;
    };
    set(true);
    setTimeout(() => set(false), punchedFor);
  }

  async #until(tryOnce: () => Promise<boolean>): Promise<boolean> {
    for (let times = 0; times < askTimes; times += 1) {
      if (await tryOnce()) return true;
      await new Promise((resolve) => setTimeout(resolve, askEvery));
    }
    return false;
  }
}
