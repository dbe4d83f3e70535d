import {
  attach,
  conversationClosed,
  conversationMoved,
  endConversation,
  presenceChanged,
  reportTookPlace
} from '#shared/conversation/calls.ts';
import { Delivery } from '#shared/conversation/delivery.ts';
import {
  historyPayloads,
  readPayload,
  writePayload,
  type Payload
} from '#shared/conversation/payload.ts';
import type { ChannelEvent } from '#shared/crypto/channel.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Topic } from '#shared/visitor/visitor.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { DecisionState } from '../decision/decision.svelte.ts';
import type { Keys } from '../keys/keys.ts';
import type { Line } from '../wire/line.ts';
import { deliveryOf, forget, keep, withDelivery, type Kept } from './kept.ts';
import { Log } from './log.svelte.ts';
import type { ConversationState, ConversationView, MessageView } from './view.ts';

/** How long the end waits for the other side to hear it (ms). */
const goodbyeWaits = 2_500;
/** A handshake without an answer is asked for again after this many milliseconds. */
const askEvery = 3_300;
const typingEvery = 2_500;
const typingLasts = 5_000;

type Ending = NonNullable<ConversationView['ending']>;

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
  readonly onOver?: () => void;
}

/** One conversation, from the first handshake to the goodbye. */
export class Conversation implements ConversationView {
  #state = $state<ConversationState>('securing');
  #ending = $state<Ending | null>(null);
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
  #tookPlace = false;
  readonly #party: Party;
  readonly #line: Line;
  readonly #delivery: Delivery;
  readonly #openKeys: ConversationParts['openKeys'];
  #opening: Promise<Keys>;
  #isHeard = false;
  #asking: ReturnType<typeof setInterval> | undefined;
  readonly #isReloaded: boolean;
  #kept: Kept;
  #keys: Keys | null = null;
  #isLookedAt = true;
  #typedAt = 0;
  #typingStops: ReturnType<typeof setTimeout> | undefined;
  #onDelivered: (() => void) | null = null;

  constructor(parts: ConversationParts) {
    const { kept, party, line, openKeys } = parts;
    this.#parts = parts;
    this.#kept = kept;
    this.#party = party;
    this.#line = line;
    this.#log = new Log(party.role);
    this.#isReloaded = kept.resumeKey !== null;
    if (party.role === 'visitor') this.#topics = party.topics;
    this.decision = kept.visitor.kind === 'young' ? this.#newDecision() : null;
    this.#delivery = new Delivery(
      {
        send: (frame) => line.sendFrame(frame),
        take: (sealed) => this.#take(sealed),
        progressed: (stored, delivered) => this.#progressed(stored, delivered),
        keep: (state) => this.#keep(withDelivery(this.#kept, state))
      },
      deliveryOf(kept)
    );
    this.#openKeys = openKeys;
    this.#opening = openKeys(kept);
    this.#listen();
    void this.#start();
  }

  get id(): string {
    return this.#kept.conversation;
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
    this.#line.callOut(endConversation, {});
    this.#finish('by-me');
    this.#log.clear();
  }

  /** Tells the counsellor where one is on the card; nobody has to. */
  showCard(used: number, limit: number): void {
    this.#shownCard = { used, limit };
    void this.#send({ kind: 'card-shown', used, limit });
  }

  /** The clip that was shown is known now; a fifth one brings the decision. */
  knowStage(stage: Stage | null): void {
    this.#keep({ ...this.#kept, stage });
    if (stage !== 'fifth' && stage !== 'pending') return;
    this.decision?.becomesDue();
    // The clip may have been shown after the counsellor had already opened the door.
    if (this.#party.role === 'visitor') void this.#send({ kind: 'decision-due' });
  }

  #newDecision(): DecisionState {
    return new DecisionState({
      role: this.#party.role,
      visitor: this.#kept.visitor,
      line: this.#line,
      capability: this.#kept.capability,
      send: (payload) => void this.#send(payload),
      onRecorded: () => this.#parts.onDecided?.()
    });
  }

  #listen(): void {
    const line = this.#line;
    line.onState((isUp) => (isUp ? void this.#attach() : this.#lineLost()));
    line.hearFrames((frame) => this.#delivery.hear(frame));
    line.hear(presenceChanged, ({ here }) => (this.#otherHere = here));
    line.hear(conversationMoved, () => this.#finish('elsewhere'));
    line.hear(conversationClosed, () => void this.#closed());
    if (line.isUp) void this.#attach();
    else line.open();
  }

  async #start(): Promise<void> {
    try {
      this.#keys = await this.#opening;
      await this.#askAgain();
      this.#asking = setInterval(() => void this.#askAgain(), askEvery);
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : 'cannot-load');
    }
  }

  /** The handshake's own first word, once more when the other side has stayed silent. */
  async #askAgain(): Promise<void> {
    if (this.#state !== 'securing') return;
    for (const frame of (await this.#keys?.start()) ?? []) this.#delivery.push(frame);
  }

  async #attach(): Promise<void> {
    const answer = await this.#line.ask(attach, {
      capability: this.#kept.capability,
      expected: this.#delivery.next
    });
    if (this.isOver) return;
    if (answer.ok) {
      this.#connected = true;
      this.#otherHere = answer.value.otherHere;
      this.#delivery.attached(answer.value.stored, answer.value.delivered);
      // A server that was started again has forgotten it.
      if (this.#tookPlace) this.#tellTookPlace();
    } else if (
      answer.refusal === 'conversation-closed' ||
      answer.refusal === 'unknown-capability'
    ) {
      await this.#closed();
    } else {
      setTimeout(() => this.#line.isUp && !this.#connected && void this.#attach(), 1_000);
    }
  }

  #lineLost(): void {
    this.#connected = false;
    this.#delivery.lineLost();
  }

  /** One frame of the other side: the keys open it or answer it. */
  async #take(frame: Uint8Array): Promise<void> {
    const keys = await this.#opening.catch(() => null);
    if (!keys || this.isOver) return;
    const { send, events } = await keys.receive(frame);
    if (events.some((event) => isNewcomer(event)) && !this.#isHeard) return this.#beginAgain(frame);
    for (const event of events) this.#hear(event);
    for (const answer of send) this.#delivery.push(answer);
  }

  /**
   * The visitor's page was reloaded before it knew the session, so it cannot prove that it is the same
   * one. As long as nothing was heard from it, nothing is lost by meeting anew.
   */
  async #beginAgain(hello: Uint8Array): Promise<void> {
    this.#keys?.close();
    this.#state = 'securing';
    this.#keep({ ...this.#kept, resumeKey: null });
    this.#opening = this.#openKeys(this.#kept);
    this.#keys = await this.#opening;
    for (const answer of (await this.#keys.receive(hello)).send) this.#delivery.push(answer);
  }

  #hear(event: ChannelEvent): void {
    if (event.kind === 'secured') this.#secured(event);
    else if (event.kind === 'message') this.#hearMessage(event.bytes, event.final);
    else if (event.kind === 'refused' && event.fatal) this.#refuse(event.refusal);
    else if (isDamage(event)) this.#breakOff();
  }

  #secured({ shortCode, resumeKey, resumed }: ChannelEvent & { kind: 'secured' }): void {
    const isFirst = this.#state !== 'open';
    this.#shortCode = shortCode;
    this.#state = 'open';
    this.knowStage(this.#kept.stage);
    this.#keep({ ...this.#kept, resumeKey: toBase64Url(resumeKey) });
    const party = this.#party;
    if (party.role === 'visitor') void this.#send({ kind: 'about', topics: [...this.#topics] });
    else void this.#send({ kind: 'introduction', name: party.name });
    if (isFirst && resumed && this.#isReloaded) void this.#send({ kind: 'history-asked' });
    for (const { id, text } of this.#log.unsealed) void this.#sealText(id, text);
  }

  #hearMessage(bytes: Uint8Array, isFinal: boolean): void {
    this.#isHeard = true;
    const payload = readPayload(bytes);
    if (payload) this.#hearPayload(payload);
    if (isFinal) this.#saidGoodbye();
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
    const writers = new Set(this.#log.entries.map(({ from }) => from));
    if (this.#tookPlace || !writers.has('me') || !writers.has('other')) return;
    this.#tookPlace = true;
    this.#tellTookPlace();
    this.#parts.onTookPlace?.();
  }

  #tellTookPlace(): void {
    if (this.#party.role === 'counsellor') void this.#line.ask(reportTookPlace, {});
  }

  async #send(payload: Payload, options: { final?: boolean } = {}): Promise<number | null> {
    const sealed = await this.#keys?.seal(writePayload(payload), options);
    return sealed?.kind === 'sealed' && !this.isOver ? this.#delivery.push(sealed.frame) : null;
  }

  #progressed(stored: number, delivered: number): void {
    this.#log.progressed(stored, delivered);
    if (delivered >= this.#kept.nextN - 1) this.#onDelivered?.();
  }

  async #sayGoodbye(): Promise<void> {
    if (this.isOver) return;
    const heard = new Promise<void>((resolve) => (this.#onDelivered = resolve));
    const sent = await this.#send({ kind: 'goodbye' }, { final: true });
    if (sent !== null) await Promise.race([heard, after(goodbyeWaits)]);
    this.#line.callOut(endConversation, {});
    this.#finish('by-me');
  }

  #saidGoodbye(): void {
    this.#delivery.tellReceived();
    this.#finish('by-other');
  }

  /** The server has let go. A goodbye may still be among what arrived and is being opened. */
  async #closed(): Promise<void> {
    await this.#delivery.settled();
    if (!this.isOver) this.#finish('lost');
  }

  #refuse(refusal: string): void {
    this.#refusal = refusal;
    this.#finish('refused');
  }

  /** What follows a damaged message cannot be opened: both are told, instead of one not hearing. */
  #breakOff(): void {
    this.#line.callOut(endConversation, {});
    this.#finish('lost');
  }

  /** Keys gone, line closed, nothing kept. What was said stays on the screen until it is closed. */
  #finish(ending: Ending): void {
    if (this.isOver) return;
    this.#ending = ending;
    this.#state = ending === 'by-me' || ending === 'by-other' ? 'ended' : 'interrupted';
    this.#otherIsTyping(false);
    forget(this.#kept.conversation);
    this.#parts.onOver?.();
    this.#delivery.stop();
    clearInterval(this.#asking);
    void this.#opening.then((keys) => keys.close()).catch(() => {});
    // The last receipt and the goodbye are in the socket's buffer: let them out first.
    setTimeout(() => this.#line.close(), 300);
  }

  #keep(kept: Kept): void {
    this.#kept = kept;
    if (!this.isOver) keep(kept);
  }
}

const isNewcomer = (event: ChannelEvent): boolean =>
  event.kind === 'refused' &&
  (event.refusal === 'not-the-same-visitor' || event.refusal === 'cannot-resume');

const isDamage = (event: ChannelEvent): boolean =>
  event.kind === 'gap' || (event.kind === 'refused' && event.refusal === 'tampered');

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The 16 bytes behind a conversation's name; both sides' keys are bound to them. */
export const roomOf = ({ conversation }: Kept): Uint8Array =>
  fromBase64Url(conversation) ?? new Uint8Array(16);
export const resumeKeyOf = ({ resumeKey }: Kept): Uint8Array | undefined =>
  (resumeKey === null ? null : fromBase64Url(resumeKey)) ?? undefined;
