import {
  attach,
  conversationClosed,
  conversationMoved,
  endConversation,
  presenceChanged
} from '#shared/conversation/calls.ts';
import { Delivery } from '#shared/conversation/delivery.ts';
import { readPayload, writePayload, type Payload } from '#shared/conversation/payload.ts';
import type { ChannelEvent } from '#shared/crypto/channel.ts';
import { visitorReturned } from '#shared/queue/calls.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { Keys } from '../keys/keys.ts';
import type { Line } from '../wire/line.ts';
import { deliveryOf, forget, keep, withDelivery, type Kept } from './kept.ts';

/** How long the end waits for the other side to hear it (ms). */
const goodbyeWaits = 2_500;
/** A handshake without an answer is asked for again after this many milliseconds. */
const askEvery = 3_300;

/** Keys are agreed; `isResumed`: this page was reloaded and goes on with the same person. */
export interface Secured {
  readonly shortCode: string;
  readonly isResumed: boolean;
  /** 16 bytes: a counsellor's certified key, or the other's of this session. */
  readonly peerKeyId: Uint8Array;
}

/** What happens on the line, for the conversation that is had over it. */
export interface SealedHost {
  connected(isConnected: boolean): void;
  otherHere(here: boolean): void;
  secured(secured: Secured): void;
  /** Meeting anew: what follows is not secured yet. */
  securing(): void;
  heard(payload: Payload): void;
  saidGoodbye(): void;
  progressed(stored: number, delivered: number): void;
  /** It cannot go on: cut without a goodbye, refused by name, in another tab, or back in the queue. */
  broken(how: 'lost' | 'refused' | 'elsewhere' | 'returned', why?: string): void;
}

interface SealedLineParts {
  readonly kept: Kept;
  readonly line: Line;
  /** Opens the worker that holds the keys; rejects with a name when it cannot. */
  readonly openKeys: (kept: Kept) => Promise<Keys>;
  readonly host: SealedHost;
}

/** The line, the delivery and the keys of one conversation: what is said in goes out sealed, once, in order. */
export class SealedLine {
  readonly #parts: SealedLineParts;
  readonly #delivery: Delivery;
  readonly #isReloaded: boolean;
  #kept: Kept;
  #opening: Promise<Keys>;
  #keys: Keys | null = null;
  #isConnected = false;
  #isSecured = false;
  #isHeard = false;
  #isClosed = false;
  #isResting = false;
  #asking: ReturnType<typeof setInterval> | undefined;
  #onAllDelivered: (() => void) | null = null;

  constructor(parts: SealedLineParts) {
    const { kept, line, openKeys } = parts;
    this.#parts = parts;
    this.#kept = kept;
    this.#isReloaded = kept.resumeKey !== null;
    this.#delivery = new Delivery(
      {
        send: (frame) => line.sendFrame(frame),
        take: (sealed) => this.#take(sealed),
        progressed: (stored, delivered) => this.#progressed(stored, delivered),
        keep: (state) => this.remember(withDelivery(this.#kept, state))
      },
      deliveryOf(kept)
    );
    this.#opening = openKeys(kept);
  }

  /** Begins once everybody is in place to hear. */
  open(): void {
    const { line, host } = this.#parts;
    line.onState((isUp) => (isUp ? void this.#attach() : this.#lineLost()));
    line.hearFrames((frame) => this.#delivery.hear(frame));
    line.hear(presenceChanged, ({ here }) => host.otherHere(here));
    line.hear(conversationMoved, () => host.broken('elsewhere'));
    line.hear(visitorReturned, ({ why }) => host.broken('returned', why));
    line.hear(conversationClosed, () => void this.#closedByServer());
    if (line.isUp) void this.#attach();
    else line.open();
    void this.#start();
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** The worker that holds the keys of this pair. */
  get keys(): Promise<Keys> {
    return this.#opening;
  }

  /** The other has left for good: the place is kept, and nothing more is said in it. */
  rest(): void {
    this.#isResting = true;
    clearInterval(this.#asking);
    void this.#opening.then((keys) => keys.close()).catch(() => {});
  }

  remember(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    if (!this.#isClosed) keep(this.#kept);
  }

  /** @returns the number it travels under; null when it could not be sealed now */
  async send(payload: Payload, options: { final?: boolean } = {}): Promise<number | null> {
    const sealed = await this.#keys?.seal(writePayload(payload), options);
    return sealed?.kind === 'sealed' && !this.#isClosed ? this.#delivery.push(sealed.frame) : null;
  }

  /** Resolves when the other side has heard it, or has not for too long. */
  async sayGoodbye(): Promise<void> {
    const heard = new Promise<void>((resolve) => (this.#onAllDelivered = resolve));
    const sent = await this.send({ kind: 'goodbye' }, { final: true });
    if (sent !== null) await Promise.race([heard, after(goodbyeWaits)]);
  }

  /** The server erases the conversation at once. */
  cutOff(): void {
    this.#parts.line.callOut(endConversation, {});
  }

  tellReceived(): void {
    this.#delivery.tellReceived();
  }

  /** Keys gone, line closed, nothing kept. */
  close(): void {
    this.#isClosed = true;
    forget(this.#kept.conversation);
    this.#delivery.stop();
    clearInterval(this.#asking);
    void this.#opening.then((keys) => keys.close()).catch(() => {});
    // The last receipt and the goodbye are in the socket's buffer: let them out first.
    setTimeout(() => this.#parts.line.close(), 300);
  }

  async #start(): Promise<void> {
    try {
      this.#keys = await this.#opening;
      await this.#askAgain();
      this.#asking = setInterval(() => void this.#askAgain(), askEvery);
    } catch (error) {
      if (this.#isResting) return;
      const refusal = error instanceof Error ? error.message : 'cannot-load';
      this.#parts.host.broken('refused', refusal);
    }
  }

  /** The handshake's own first word, once more when the other side has stayed silent. */
  async #askAgain(): Promise<void> {
    if (this.#isSecured || this.#isClosed || this.#isResting) return;
    for (const frame of (await this.#keys?.start()) ?? []) this.#delivery.push(frame);
  }

  async #attach(): Promise<void> {
    const { line, host } = this.#parts;
    const { capability, talked, attempt } = this.#kept;
    this.remember({ attempt: attempt + 1 });
    const expected = this.#delivery.next;
    const answer = await line.ask(attach, { capability, expected, talked, attempt });
    if (this.#isClosed) return;
    if (answer.ok) {
      this.#isConnected = true;
      this.#delivery.attached(answer.value.stored, answer.value.delivered);
      host.otherHere(answer.value.otherHere);
      host.connected(true);
    } else if (answer.refusal === 'back-in-queue') {
      host.broken('returned', 'counsellor-away');
    } else if (
      answer.refusal === 'conversation-closed' ||
      answer.refusal === 'unknown-capability'
    ) {
      await this.#closedByServer();
    } else {
      setTimeout(() => line.isUp && !this.#isConnected && void this.#attach(), 1_000);
    }
  }

  #lineLost(): void {
    this.#isConnected = false;
    this.#delivery.lineLost();
    this.#parts.host.connected(false);
  }

  /** One frame of the other side: the keys open it or answer it. */
  async #take(frame: Uint8Array): Promise<void> {
    const keys = await this.#opening.catch(() => null);
    if (!keys) return;
    const { send, events } = await keys.receive(frame);
    // Keys that were let go before they had opened it answer that they are dead.
    if (this.#isClosed || this.#isResting) return;
    if (events.some(isNewcomer) && !this.#isHeard) return this.#beginAgain(frame);
    for (const event of events) this.#hear(event);
    for (const answer of send) this.#delivery.push(answer);
  }

  /**
   * The visitor's page was reloaded before it knew the session, so it cannot prove that it is the same
   * one. As long as nothing was heard from it, nothing is lost by meeting anew.
   */
  async #beginAgain(hello: Uint8Array): Promise<void> {
    this.#keys?.close();
    this.#isSecured = false;
    this.#parts.host.securing();
    this.remember({ resumeKey: null });
    this.#opening = this.#parts.openKeys(this.#kept);
    this.#keys = await this.#opening;
    for (const answer of (await this.#keys.receive(hello)).send) this.#delivery.push(answer);
  }

  #hear(event: ChannelEvent): void {
    const { host } = this.#parts;
    if (event.kind === 'secured') this.#secured(event);
    else if (event.kind === 'message') this.#hearMessage(event.bytes, event.final);
    else if (event.kind === 'refused' && event.fatal) host.broken('refused', event.refusal);
    else if (isDamage(event)) {
      // What follows a damaged message cannot be opened: both are told, instead of one not hearing.
      this.cutOff();
      host.broken('lost');
    }
  }

  #secured(event: ChannelEvent & { kind: 'secured' }): void {
    const { shortCode, resumeKey, resumed, peerKeyId } = event;
    const isResumed = !this.#isSecured && resumed && this.#isReloaded;
    this.#isSecured = true;
    this.remember({ resumeKey: toBase64Url(resumeKey) });
    this.#parts.host.secured({ shortCode, isResumed, peerKeyId });
  }

  #hearMessage(bytes: Uint8Array, isFinal: boolean): void {
    this.#isHeard = true;
    const payload = readPayload(bytes);
    if (payload) this.#parts.host.heard(payload);
    if (isFinal) this.#parts.host.saidGoodbye();
  }

  #progressed(stored: number, delivered: number): void {
    this.#parts.host.progressed(stored, delivered);
    if (delivered >= this.#kept.nextN - 1) this.#onAllDelivered?.();
  }

  /** The server has let go. A goodbye may still be among what arrived and is being opened. */
  async #closedByServer(): Promise<void> {
    await this.#delivery.settled();
    if (!this.#isClosed) this.#parts.host.broken('lost');
  }
}

const isNewcomer = (event: ChannelEvent): boolean =>
  event.kind === 'refused' &&
  (event.refusal === 'not-the-same-visitor' || event.refusal === 'cannot-resume');

const isDamage = (event: ChannelEvent): boolean =>
  event.kind === 'gap' || (event.kind === 'refused' && event.refusal === 'tampered');

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
