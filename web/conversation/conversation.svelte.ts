import { reportTookPlace } from '#shared/conversation/calls.ts';
import { historyPayloads, type Payload } from '#shared/conversation/payload.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Topic } from '#shared/visitor/visitor.ts';
import { DecisionState } from '../decision/decision.svelte.ts';
import type { Keys } from '../keys/keys.ts';
import type { Line } from '../wire/line.ts';
import type { Kept } from './kept.ts';
import { Log } from './log.svelte.ts';
import { SealedLine, type SealedHost } from './sealed-line.ts';
import type { ConversationState, ConversationView, MessageView } from './view.ts';

const typingEvery = 2_500;
const typingLasts = 5_000;

/** Who takes part from here, and what they say first. */
export type Party =
  | { readonly role: 'visitor'; readonly topics: readonly Topic[] }
  | { readonly role: 'counsellor'; readonly name: string };

export interface ConversationParts {
  readonly kept: Kept;
  readonly party: Party;
  readonly line: Line;
  /** Opens the worker that holds the keys; rejects with a name when it cannot. */
  readonly openKeys: (kept: Kept) => Promise<Keys>;
  /** Both have written. */
  readonly onTookPlace?: () => void;
  /** Both have decided, and the server knows the kind. */
  readonly onDecided?: () => void;
  readonly onOver?: (ending: ConversationView['ending']) => void;
}

/** One conversation, from the first handshake to the goodbye. */
export class Conversation implements ConversationView {
  #state = $state<ConversationState>('securing');
  #ending = $state<ConversationView['ending']>(null);
  #refusal = $state<string | null>(null);
  #connected = $state(false);
  #otherHere = $state(true);
  #otherTyping = $state(false);
  #otherName = $state<string | null>(null);
  #shortCode = $state<string | null>(null);
  #topics = $state<readonly Topic[]>([]);
  #unread = $state(0);
  #shownCard = $state.raw<ConversationView['shownCard']>(null);
  draft = $state('');

  readonly decision: DecisionState | null;
  readonly #log: Log;
  readonly #parts: ConversationParts;
  readonly #sealed: SealedLine;
  #tookPlace = false;
  #isLookedAt = true;
  #typedAt = 0;
  #typingStops: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: ConversationParts) {
    const { kept, party, line, openKeys } = parts;
    this.#parts = parts;
    this.#log = new Log(party.role);
    if (party.role === 'visitor') this.#topics = party.topics;
    this.decision = kept.visitor.kind === 'young' ? this.#newDecision() : null;
    this.#sealed = new SealedLine({ kept, line, openKeys, host: this.#host() });
    this.#sealed.open();
  }

  get id(): string {
    return this.#parts.kept.conversation;
  }
  get visitor() {
    return this.#parts.kept.visitor;
  }
  get state(): ConversationState {
    return this.#state;
  }
  get messages(): readonly MessageView[] {
    return this.#log.entries;
  }
  get otherName(): string | null {
    return this.#otherName;
  }
  get otherTyping(): boolean {
    return this.#otherTyping;
  }
  get otherHere(): boolean {
    return this.#otherHere;
  }
  get connected(): boolean {
    return this.#connected;
  }
  get shortCode(): string | null {
    return this.#shortCode;
  }
  get topics(): readonly Topic[] {
    return this.#topics;
  }
  get ending(): ConversationView['ending'] {
    return this.#ending;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get unread(): number {
    return this.#unread;
  }
  get shownCard(): ConversationView['shownCard'] {
    return this.#shownCard;
  }
  get isOver(): boolean {
    return this.#ending !== null;
  }

  /** Whether closing the page now would lose words that are not sealed yet. */
  get wouldLose(): boolean {
    return !this.isOver && this.#log.unsealed.length > 0;
  }

  /** Whether somebody looks at this conversation now; what comes meanwhile counts as unread. */
  look(isLookedAt: boolean): void {
    this.#isLookedAt = isLookedAt;
    if (isLookedAt) this.#unread = 0;
  }

  say(text: string): void {
    const said = text.trim();
    if (said === '' || this.isOver) return;
    const id = this.#log.addOwn(said);
    if (this.#state === 'open') void this.#sealText(id, said);
  }

  retry(id: string): void {
    this.#log.retry(id);
  }

  typing(): void {
    const now = Date.now();
    const worthTelling = this.#state === 'open' && this.#connected && this.#otherHere;
    if (!worthTelling || now - this.#typedAt < typingEvery) return;
    this.#typedAt = now;
    void this.#send({ kind: 'typing' });
  }

  end(): void {
    void this.#sayGoodbye();
  }

  /** Leaves at once: no goodbye, no trace. The other side sees that the line was cut. */
  abandon(): void {
    this.#sealed.cutOff();
    this.#finish('by-me');
    this.#log.clear();
  }

  /** Lets go without a goodbye, so that another window of the same person can go on with what is given. */
  handOn(): Kept {
    this.#finish('elsewhere');
    return this.#sealed.kept;
  }

  /** Tells the counsellor where one is on the card; nobody has to. */
  showCard(used: number, limit: number): void {
    this.#shownCard = { used, limit };
    void this.#send({ kind: 'card-shown', used, limit });
  }

  /** The clip that was shown is known now; a fifth one brings the decision. */
  knowStage(stage: Stage | null): void {
    this.#sealed.remember({ stage });
    if (stage !== 'fifth' && stage !== 'pending') return;
    this.decision?.becomesDue();
    // The clip may have been shown after the counsellor had already opened the door.
    if (this.#parts.party.role === 'visitor') void this.#send({ kind: 'decision-due' });
  }

  #newDecision(): DecisionState {
    const { party, kept, line } = this.#parts;
    return new DecisionState({
      role: party.role,
      visitor: kept.visitor,
      line,
      capability: kept.capability,
      send: (payload) => void this.#send(payload),
      onRecorded: () => this.#parts.onDecided?.()
    });
  }

  #host(): SealedHost {
    return {
      connected: (isConnected) => {
        this.#connected = isConnected;
        // A server that was started again has forgotten it.
        if (isConnected && this.#tookPlace) this.#tellTookPlace();
      },
      otherHere: (here) => (this.#otherHere = here),
      securing: () => (this.#state = 'securing'),
      secured: (secured) => this.#secured(secured),
      heard: (payload) => this.#hearPayload(payload),
      saidGoodbye: () => {
        this.#sealed.tellReceived();
        this.#finish('by-other');
      },
      progressed: (stored, delivered) => this.#log.progressed(stored, delivered),
      broken: (how, refusal) => {
        this.#refusal = refusal ?? null;
        if (refusal === 'counsellor-gone') this.#log.clearFor('counsellor');
        this.#finish(how);
      }
    };
  }

  #secured({ shortCode, isResumed }: { shortCode: string; isResumed: boolean }): void {
    this.#shortCode = shortCode;
    this.#state = 'open';
    this.knowStage(this.#sealed.kept.stage);
    const { party } = this.#parts;
    if (party.role === 'visitor') void this.#send({ kind: 'about', topics: [...this.#topics] });
    else void this.#send({ kind: 'introduction', name: party.name });
    if (isResumed) void this.#send({ kind: 'history-asked' });
    for (const { id, text } of this.#log.unsealed) void this.#sealText(id, text);
  }

  #hearPayload(payload: Payload): void {
    switch (payload.kind) {
      case 'text':
        this.#otherIsTyping(false);
        if (this.#log.addOther(payload.id, payload.text) && !this.#isLookedAt) this.#unread += 1;
        return this.#checkTookPlace();
      case 'typing':
        return this.#otherIsTyping(true);
      case 'introduction':
        this.#otherName = payload.name;
        return;
      case 'about':
        // A visitor whose page was reloaded no longer knows; what was said before still holds.
        if (payload.topics.length > 0) this.#topics = payload.topics;
        return;
      case 'history-asked':
        for (const part of historyPayloads(this.#log.history())) void this.#send(part);
        return this.decision?.tellAgain();
      case 'history-told':
        this.#log.merge(payload.items);
        return this.#checkTookPlace();
      case 'card-shown':
        this.#shownCard = { used: payload.used, limit: payload.limit };
        return;
      case 'decision-due':
      case 'decision-opened':
      case 'decision-changed':
      case 'decision-confirmed':
        return this.decision?.hear(payload);
    }
  }

  #otherIsTyping(isTyping: boolean): void {
    clearTimeout(this.#typingStops);
    this.#otherTyping = isTyping;
    if (isTyping) this.#typingStops = setTimeout(() => (this.#otherTyping = false), typingLasts);
  }

  async #sealText(id: string, text: string): Promise<void> {
    const n = await this.#send({ kind: 'text', id, text });
    if (n === null) return;
    this.#log.sealed(id, n);
    this.#checkTookPlace();
  }

  /** A clip counts once both have written, and not before. */
  #checkTookPlace(): void {
    if (this.#tookPlace || !this.#log.hasBoth) return;
    this.#tookPlace = true;
    this.#sealed.remember({ talked: true });
    this.#tellTookPlace();
    this.#parts.onTookPlace?.();
  }

  #tellTookPlace(): void {
    if (this.#parts.party.role === 'counsellor') void this.#parts.line.ask(reportTookPlace, {});
  }

  #send(payload: Payload): Promise<number | null> {
    return this.#sealed.send(payload);
  }

  async #sayGoodbye(): Promise<void> {
    if (this.isOver) return;
    await this.#sealed.sayGoodbye();
    this.#finish('by-me');
  }

  /** What was said stays on the screen until it is closed; everything else is gone. */
  #finish(ending: NonNullable<ConversationView['ending']>): void {
    if (this.isOver) return;
    this.#ending = ending;
    this.#state = ending === 'by-me' || ending === 'by-other' ? 'ended' : 'interrupted';
    this.#otherIsTyping(false);
    this.#sealed.close();
    this.#parts.onOver?.(ending);
  }
}
