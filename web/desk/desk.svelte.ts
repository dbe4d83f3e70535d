import { requestCertificate } from '#shared/counsellor/calls.ts';
import { queueChanged, takeNext, type QueueItem } from '#shared/queue/calls.ts';
import {
  openDesk,
  setShift,
  shiftsChanged,
  type Colleague,
  type ShiftState
} from '#shared/shift/calls.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { Conversation } from '../conversation/conversation.svelte.ts';
import {
  begin,
  keep,
  keptConversations,
  resumeKeyOf,
  roomOf,
  type Kept
} from '../conversation/kept.ts';
import { openKeys, type Keys } from '../keys/keys.ts';
import { loadSigningKey } from '../keys/signing-key.ts';
import { Line } from '../wire/line.ts';
import type { DeskView } from './view.ts';

const shiftKey = 'frirum-shift';

/** A counsellor's console: the queue, the shift, and the conversations of this tab. */
export class Desk implements DeskView {
  #name = $state('');
  #connected = $state(false);
  #shift = $state<ShiftState>('off');
  #colleagues = $state<readonly Colleague[]>([]);
  #queue = $state<readonly QueueItem[]>([]);
  #conversations = $state.raw<readonly Conversation[]>([]);
  #currentId = $state<string | null>(null);
  #refusal = $state<string | null>(null);
  readonly #line = new Line('staff');
  readonly #onSignedOut: () => void;
  #certified: Promise<Certified> | null = null;
  #isOpen = false;

  constructor(onSignedOut: () => void) {
    this.#onSignedOut = onSignedOut;
    const line = this.#line;
    line.onState((isUp, refusal) => {
      this.#connected = isUp;
      if (refusal === 'not-signed-in') this.#leave();
      else if (isUp) void this.#arrive();
    });
    line.hear(queueChanged, ({ queue }) => (this.#queue = queue));
    line.hear(shiftsChanged, ({ shift, colleagues }) => {
      this.#rememberShift(shift);
      this.#colleagues = colleagues;
    });
    line.open();
  }

  get name(): string {
    return this.#name;
  }
  get connected(): boolean {
    return this.#connected;
  }
  get shift(): ShiftState {
    return this.#shift;
  }
  get colleagues(): readonly Colleague[] {
    return this.#colleagues;
  }
  get queue(): readonly QueueItem[] {
    return this.#queue;
  }
  get conversations(): readonly Conversation[] {
    return this.#conversations;
  }
  get current(): Conversation | null {
    return this.#conversations.find(({ id }) => id === this.#currentId) ?? null;
  }
  get refusal(): string | null {
    return this.#refusal;
  }

  startShift(): void {
    void this.#setShift('on');
  }
  pauseShift(): void {
    void this.#setShift(this.#shift === 'paused' ? 'on' : 'paused');
  }
  stopShift(): void {
    void this.#setShift('off');
  }

  takeNext(): void {
    void this.#takeNext();
  }

  show(id: string): void {
    this.#currentId = id;
    for (const conversation of this.#conversations) conversation.look(conversation.id === id);
  }

  close(id: string): void {
    const conversation = this.#conversations.find((one) => one.id === id);
    if (!conversation?.isOver) return;
    this.#conversations = this.#conversations.filter((one) => one !== conversation);
    const next = this.#conversations[0];
    if (this.#currentId === id) this.#currentId = null;
    if (!this.#currentId && next) this.show(next.id);
  }

  signOut(): void {
    void this.#signOut();
  }

  async #arrive(): Promise<void> {
    const answer = await this.#line.ask(openDesk, {});
    if (!answer.ok) return;
    const { name, shift, colleagues, queue } = answer.value;
    this.#name = name;
    this.#queue = queue;
    this.#colleagues = colleagues;
    const remembered = this.#isOpen
      ? this.#shift
      : (sessionStorage.getItem(shiftKey) as ShiftState);
    // The server was started again and has forgotten the shift; this desk has not.
    if (shift === 'off' && (remembered === 'on' || remembered === 'paused'))
      await this.#setShift(remembered);
    else this.#rememberShift(shift);
    if (!this.#isOpen) for (const kept of keptConversations()) this.#talk(kept);
    this.#isOpen = true;
  }

  async #setShift(state: ShiftState): Promise<void> {
    const answer = await this.#line.ask(setShift, { state });
    this.#refusal = answer.ok ? null : answer.refusal;
    if (answer.ok) this.#rememberShift(state);
  }

  #rememberShift(state: ShiftState): void {
    this.#shift = state;
    sessionStorage.setItem(shiftKey, state);
  }

  async #takeNext(): Promise<void> {
    // The certificate comes first: without one nobody may be taken from the queue.
    const certified = await this.#certify();
    if (typeof certified === 'string') {
      this.#refusal = certified;
      return;
    }
    const answer = await this.#line.ask(takeNext, {});
    this.#refusal = answer.ok ? null : answer.refusal;
    if (!answer.ok) return;
    const { conversation, capability, visitor, stage } = answer.value;
    const kept = begin(conversation, capability, visitor, true, stage);
    keep(kept);
    this.#talk(kept);
  }

  #talk(kept: Kept): void {
    const conversation = new Conversation({
      kept,
      party: { role: 'counsellor', name: this.#name },
      line: new Line('staff'),
      openKeys: (mine) => this.#openKeys(mine)
    });
    this.#conversations = [...this.#conversations, conversation];
    this.show(conversation.id);
  }

  async #openKeys(kept: Kept): Promise<Keys> {
    const certified = await this.#certify();
    if (typeof certified === 'string') throw new Error(certified);
    const opened = await openKeys({
      role: 'counsellor',
      room: roomOf(kept),
      resumeKey: resumeKeyOf(kept),
      ...certified
    });
    if (opened.kind === 'refused') throw new Error(opened.refusal);
    return opened.keys;
  }

  /** This device's key with its certificate, or the name of what is in the way. */
  async #certify(): Promise<Certified> {
    this.#certified ??= this.#requestCertificate();
    const certified = await this.#certified;
    if (typeof certified === 'string') this.#certified = null;
    return certified;
  }

  async #requestCertificate(): Promise<Certified> {
    const key = await loadSigningKey();
    if (key.kind === 'refused') return key.refusal;
    const answer = await this.#line.ask(requestCertificate, {
      publicKey: toBase64Url(key.publicKey)
    });
    if (!answer.ok) return answer.refusal;
    const certificate = fromBase64Url(answer.value.certificate);
    return certificate ? { certificate, privateKey: key.privateKey } : 'strange-answer';
  }

  async #signOut(): Promise<void> {
    if (this.#conversations.some((conversation) => !conversation.isOver)) {
      this.#refusal = 'conversations-open';
      return;
    }
    await this.#setShift('off');
    await fetch('/desk/sign-out', { method: 'POST' }).catch(() => null);
    this.#leave();
  }

  #leave(): void {
    this.#line.close();
    sessionStorage.removeItem(shiftKey);
    this.#onSignedOut();
  }
}

type Certified = { certificate: Uint8Array; privateKey: CryptoKey } | string;
