import type { Payload } from '#shared/conversation/payload.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Topic } from '#shared/visitor/visitor.ts';
import type { DecisionState } from '../decision/decision.svelte.ts';
import type { Circle } from '../roster/circle.svelte.ts';
import type { Line } from '../wire/line.ts';
import { hearPayload } from './hear-payload.ts';
import { forget, keep, type Kept } from './kept.ts';
import { Log, type Author, type Side } from './log.svelte.ts';
import type { Pair, PairHost } from './pair.svelte.ts';
import { Pairs } from './pairs.svelte.ts';
import type { ConversationParts } from './parts.ts';
import { Told } from './told.svelte.ts';
import { TookPlace } from './took-place.ts';
import type { ConversationState, ConversationView, MessageView } from './view.ts';

type Ending = NonNullable<ConversationView['ending']>;

/** Endings that somebody meant. */
const farewells: readonly Ending[] = ['by-me', 'by-other', 'removed', 'handed-over'];

/** One conversation, from the first handshake to the goodbye; with a circle once more than two take part. */
export class Conversation implements ConversationView {
  #state = $state<ConversationState>('securing');
  #ending = $state<Ending | null>(null);
  #refusal = $state<string | null>(null);
  #unread = $state(0);
  #circle = $state.raw<Circle | null>(null);
  draft = $state('');

  readonly parts: ConversationParts;
  readonly side: Side;
  readonly pairs: Pairs;
  /** The pair that the conversation began with; null for one who came later. */
  readonly first: Pair | null;
  readonly #log: Log;
  readonly #told: Told;
  readonly #tookPlace = new TookPlace(() => {
    this.remember({ talked: true });
    this.parts.onTookPlace?.();
  });
  #kept: Kept;
  #circling: Promise<Circle> | null = null;
  #isLookedAt = true;

  constructor(parts: ConversationParts) {
    const { kept, party, line, openKeys, newLine } = parts;
    this.parts = parts;
    this.#kept = kept;
    this.side = party.role;
    this.#log = new Log(this.side);
    this.pairs = new Pairs({
      own: this.side,
      log: this.#log,
      host: this.#host(),
      isOpen: () => this.#state === 'open',
      openKeys,
      newLine
    });
    this.#told = new Told(parts, (payload) => this.pairs.tell(this.pairs.others, payload));
    const place = kept.circle?.first ?? 'here';
    const other = this.side === 'visitor' ? 'counsellor' : 'visitor';
    this.first = place === 'none' ? null : this.pairs.open(kept, other, { line });
    if (place === 'none' && this.side === 'counsellor') line.open();
    if (place === 'resting') this.rest();
    if (kept.circle) void this.circled();
  }

  get id(): string {
    return this.#kept.conversation;
  }
  get kept(): Kept {
    return this.first?.sealed.kept ?? this.#kept;
  }
  get visitor() {
    return this.#kept.visitor;
  }
  get state(): ConversationState {
    return this.#state;
  }
  get messages(): readonly MessageView[] {
    return this.#log.entries;
  }
  get circle(): Circle | null {
    return this.#circle;
  }
  get otherName(): string | null {
    return this.#circle?.otherName ?? this.#told.name;
  }
  get otherTyping(): boolean {
    return this.pairs.isTyping;
  }
  get otherHere(): boolean {
    return this.pairs.main?.isHere ?? false;
  }
  get connected(): boolean {
    return this.pairs.isConnected;
  }
  get shortCode(): string | null {
    return this.pairs.main?.shortCode ?? null;
  }
  get topics(): readonly Topic[] {
    return this.#told.topics;
  }
  get ending(): Ending | null {
    return this.#ending;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get unread(): number {
    return this.#unread;
  }
  get shownCard(): ConversationView['shownCard'] {
    return this.#told.shownCard;
  }
  get decision(): DecisionState | null {
    return this.#told.decision;
  }
  get isOver(): boolean {
    return this.#ending !== null;
  }

  /** Whether closing the page now would lose words that are not sealed yet. */
  get wouldLose(): boolean {
    return !this.isOver && this.#log.hasUnsealed;
  }

  /** Whether somebody looks at this conversation now; what comes meanwhile counts as unread. */
  look(isLookedAt: boolean): void {
    this.#isLookedAt = isLookedAt;
    if (isLookedAt) this.#unread = 0;
  }

  say(text: string): void {
    const said = text.trim();
    if (said === '' || this.isOver) return;
    const author = this.#authorOf({ side: this.side, member: this.#circle?.me ?? null });
    this.#log.addOwn(said, author, this.#circle?.epoch ?? 0);
    this.pairs.seal();
    this.#checkTookPlace();
  }

  retry(id: string): void {
    this.#log.retry(id);
  }

  typing(): void {
    this.pairs.typing();
  }

  end(): void {
    void this.#sayGoodbye();
  }

  /** Leaves at once: no goodbye, no trace. The other side sees that the line was cut. */
  abandon(): void {
    this.#cutOff();
    this.finish('by-me');
    this.#log.clear();
  }

  /** Lets go without a goodbye, so that another window of the same person can go on with what is given. */
  handOn(): { kept: Kept; pairs: readonly Kept[] } {
    const { kept } = this;
    const pairs = this.pairs.all.filter((pair) => pair !== this.first);
    const given = { kept, pairs: pairs.map(({ sealed }) => sealed.kept) };
    this.finish('elsewhere');
    return given;
  }

  /** Tells the counsellor where one is on the card; nobody has to. */
  showCard(used: number, limit: number): void {
    this.#told.showCard(used, limit);
    this.pairs.tell(this.pairs.others, { kind: 'card-shown', used, limit });
  }

  /** The clip that was shown is known now; a fifth one brings the decision. */
  knowStage(stage: Stage | null): void {
    this.remember({ stage });
    if (stage !== 'fifth' && stage !== 'pending') return;
    this.decision?.becomesDue();
    // The clip may have been shown after the counsellor had already opened the door.
    if (this.side === 'visitor') this.pairs.tell(this.pairs.others, { kind: 'decision-due' });
  }

  remember(change: Partial<Kept>): void {
    this.#kept = { ...this.kept, ...change };
    if (this.first) this.first.sealed.remember(change);
    else if (!this.isOver) keep(this.#kept);
  }

  /** The part of the page that is there for more than two; it comes when it is needed. */
  circled(): Promise<Circle> {
    this.#circling ??= import('../roster/circle.svelte.ts').then(({ Circle: Made }) => {
      const circle = new Made(this);
      this.#circle = circle;
      circle.resume();
      return circle;
    });
    return this.#circling;
  }

  /** The counsellor of the first pair has left, and another goes on. */
  rest(): void {
    if (!this.first) return;
    this.first.sealed.rest();
    this.pairs.remove(this.first);
  }

  /** From now on what is written goes out. */
  opens(): void {
    if (this.#state === 'securing') this.#state = 'open';
    this.#log.catchUp(this.#circle?.epoch ?? 0, this.first === null);
    this.pairs.seal();
  }

  /** What was said stays on the screen until it is closed; everything else is gone. */
  finish(ending: Ending, refusal: string | null = null): void {
    if (this.isOver) return;
    if (refusal === 'counsellor-gone') this.#log.clearFor('counsellor');
    this.#refusal = refusal;
    this.#ending = ending;
    this.#state = farewells.includes(ending) ? 'ended' : 'interrupted';
    this.#circle?.over();
    this.pairs.close();
    (this.first ?? this.parts.line).close();
    forget(this.id);
    this.parts.onOver?.(ending);
  }

  #host(): PairHost {
    return {
      connected: (pair) => pair.isConnected && this.#tookPlace.tellAgain(this.#office),
      securing: (pair) => {
        if (pair === this.first && !this.#circle) this.#state = 'securing';
      },
      secured: (pair, secured) => {
        this.#circle?.secured(pair);
        if (pair === this.first) this.opens();
        if (this.pairs.isOther(pair)) this.#greet(pair);
        if (secured.isResumed) void pair.send({ kind: 'history-asked' });
        this.pairs.seal([pair]);
      },
      heard: (pair, payload) => this.#heard(pair, payload),
      progressed: (pair, stored, delivered) => this.#log.progressed(pair.id, stored, delivered),
      gone: (pair, how, refusal) =>
        this.#circle ? this.#circle.gone(pair, how, refusal) : this.finish(how, refusal)
    };
  }

  #greet(pair: Pair): void {
    const { party } = this.parts;
    if (party.role === 'counsellor') void pair.send({ kind: 'introduction', name: party.name });
    if (party.role === 'visitor') void pair.send({ kind: 'about', topics: [...this.topics] });
    this.knowStage(this.kept.stage);
    if (this.#circle) this.decision?.tellAgain();
  }

  #heard(pair: Pair, payload: Payload): void {
    const isNew = hearPayload(pair, payload, {
      log: this.#log,
      told: this.#told,
      circle: this.#circle,
      circled: () => this.circled(),
      isOther: this.pairs.isOther(pair),
      me: this.kept.circle?.me ?? null,
      author: this.#authorOf(pair)
    });
    if (isNew && !this.#isLookedAt) this.#unread += 1;
    this.#checkTookPlace();
  }

  #authorOf({ side, member }: Pick<Pair, 'side' | 'member'>): Author {
    return { side, by: member, name: this.#circle?.nameOf(member) ?? null };
  }

  #checkTookPlace(): void {
    if (this.#log.hasBoth) this.#tookPlace.happens(this.#office);
  }

  /** Where a counsellor's page says something about the conversation. */
  get #office(): Line | null {
    return this.side === 'counsellor' ? (this.pairs.main?.line ?? null) : null;
  }

  async #sayGoodbye(): Promise<void> {
    if (this.isOver || (await this.#circle?.host?.handsOn())) return;
    await this.pairs.sayGoodbye();
    this.#cutOff();
    this.finish('by-me');
  }

  /** The server erases every pair; the first one takes all with it. */
  #cutOff(): void {
    for (const { sealed } of this.pairs.all) sealed.cutOff();
    this.first?.sealed.cutOff();
  }
}
