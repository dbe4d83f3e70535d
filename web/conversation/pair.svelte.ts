import type { Payload } from '#shared/conversation/payload.ts';
import type { Keys } from '../keys/keys.ts';
import type { Line } from '../wire/line.ts';
import type { Kept } from './kept.ts';
import type { Side } from './log.svelte.ts';
import { SealedLine, type Secured } from './sealed-line.ts';

const typingLasts = 5_000;

/** How a pair came to its end: with a goodbye, or as `SealedHost.broken` says. */
export type Gone = 'by-other' | 'lost' | 'refused' | 'elsewhere' | 'returned';

/** What happens between this page and one other, for the conversation it is part of. */
export interface PairHost {
  connected(pair: Pair): void;
  securing(pair: Pair): void;
  secured(pair: Pair, secured: Secured): void;
  heard(pair: Pair, payload: Payload): void;
  progressed(pair: Pair, stored: number, delivered: number): void;
  gone(pair: Pair, how: Gone, refusal: string | null): void;
}

interface PairParts {
  readonly kept: Kept;
  readonly line: Line;
  readonly openKeys: (kept: Kept) => Promise<Keys>;
  /** The part that the other has in the conversation. */
  readonly side: Side;
  readonly host: PairHost;
}

/** This page and one other person: a line, keys and what is known of them now. */
export class Pair {
  #isConnected = $state(false);
  #isHere = $state(true);
  #isTyping = $state(false);
  #isSecured = $state(false);
  #shortCode = $state<string | null>(null);
  readonly id: string;
  readonly side: Side;
  readonly line: Line;
  readonly sealed: SealedLine;
  /** Who is at the other end, once a roster has said so. */
  member: string | null;
  /** 16 bytes: the key that the other proved to hold; null before. */
  keyId: Uint8Array | null = null;
  /** Since which roster the other takes part; nothing that was said before is for them. */
  joined = 0;
  #typingStops: ReturnType<typeof setTimeout> | undefined;

  constructor({ kept, line, openKeys, side, host }: PairParts) {
    this.id = kept.conversation;
    this.side = side;
    this.line = line;
    this.member = kept.pair?.member ?? null;
    this.sealed = new SealedLine({
      kept,
      line,
      openKeys,
      host: {
        connected: (isConnected) => {
          this.#isConnected = isConnected;
          host.connected(this);
        },
        otherHere: (here) => (this.#isHere = here),
        securing: () => {
          this.#isSecured = false;
          host.securing(this);
        },
        secured: (secured) => {
          this.keyId = secured.peerKeyId;
          this.#shortCode = secured.shortCode;
          this.#isSecured = true;
          host.secured(this, secured);
        },
        heard: (payload) => {
          if (payload.kind === 'typing') return this.#typing(true);
          if (payload.kind === 'text') this.#typing(false);
          host.heard(this, payload);
        },
        saidGoodbye: () => {
          this.sealed.tellReceived();
          host.gone(this, 'by-other', null);
        },
        progressed: (stored, delivered) => host.progressed(this, stored, delivered),
        broken: (how, refusal) => host.gone(this, how, refusal ?? null)
      }
    });
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }
  /** False while the other's device is out of reach. */
  get isHere(): boolean {
    return this.#isHere;
  }
  get isTyping(): boolean {
    return this.#isTyping;
  }
  get isSecured(): boolean {
    return this.#isSecured;
  }
  get shortCode(): string | null {
    return this.#shortCode;
  }

  send(payload: Payload): Promise<number | null> {
    return this.sealed.send(payload);
  }

  close(): void {
    this.#typing(false);
    this.sealed.close();
  }

  #typing(isTyping: boolean): void {
    clearTimeout(this.#typingStops);
    this.#isTyping = isTyping;
    if (isTyping) this.#typingStops = setTimeout(() => (this.#isTyping = false), typingLasts);
  }
}
