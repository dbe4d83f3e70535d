import {
  firstOf,
  FrameKind,
  isFrame,
  messageFrame,
  receivedFrame,
  sealedOf,
  secondOf,
  syncFrame
} from '../wire/frame.ts';

/** Messages sent ahead of the peer's acknowledgement. */
const sendWindow = 16;
/** Packets a second and at once; below what the server allows, so that it never cuts the line. */
const sendRate = 12;
const sendBurst = 20;
/** Receipts that meet within this many milliseconds travel as one. */
const receiptPause = 150;
/** How often a quiet side asks whether something was lost (ms). */
const syncEvery = 10_000;

/** One message on its way: sealed bytes and the number they travel under. */
export interface Outgoing {
  readonly n: number;
  readonly sealed: Uint8Array;
}

/** What a page keeps so that a reload neither loses nor doubles: ciphertext and numbers only. */
export interface DeliveryState {
  readonly nextN: number;
  readonly expected: number;
  readonly outbox: readonly Outgoing[];
}

export interface DeliveryHost {
  /** Sends a frame now; false when the line is down. */
  send(frame: Uint8Array): boolean;
  /** Takes the next message of the other side; it counts as received when this resolves. */
  take(sealed: Uint8Array): Promise<void>;
  /** All own messages up to `stored` are on the server, up to `delivered` with the other side. */
  progressed(stored: number, delivered: number): void;
  /** Writes the state down before anything depends on it. */
  keep(state: DeliveryState): void;
}

/**
 * Exactly once, in order, over lines and servers that die: keeps each message until the other side
 * has it, gives each message of the other side once, asks for what is missing.
 */
export class Delivery {
  private readonly host: DeliveryHost;
  private nextN: number;
  private expected: number;
  private outbox: Outgoing[];
  private stored = 0;
  private delivered = 0;
  private sentUpTo = 0;
  private isAttached = false;
  private taking: Promise<void> = Promise.resolve();
  private arrived: number;
  private tokens = sendBurst;
  private filledAt = Date.now();
  private receipt: ReturnType<typeof setTimeout> | null = null;
  private pumping: ReturnType<typeof setTimeout> | null = null;
  private readonly syncing: ReturnType<typeof setInterval>;

  constructor(host: DeliveryHost, from: DeliveryState = { nextN: 1, expected: 1, outbox: [] }) {
    this.host = host;
    this.nextN = from.nextN;
    this.expected = from.expected;
    this.arrived = from.expected - 1;
    this.outbox = [...from.outbox];
    this.syncing = setInterval(() => this.sync(), syncEvery);
  }

  /** The first message of the other side that is still to come; told when attaching. */
  get next(): number {
    return this.expected;
  }

  /** @returns the number the message travels under. */
  push(sealed: Uint8Array): number {
    const n = this.nextN;
    this.nextN += 1;
    this.outbox.push({ n, sealed });
    this.keep();
    this.pump();
    return n;
  }

  /** The line is up, and the server has said what it knows. */
  attached(stored: number, delivered: number): void {
    this.isAttached = true;
    this.hasStored(stored);
    this.progress(stored, delivered);
  }

  lineLost(): void {
    this.isAttached = false;
  }

  /** Takes one frame of the server; anything malformed is dropped. */
  hear(frame: Uint8Array): void {
    if (!isFrame(frame)) return;
    const first = firstOf(frame);
    if (frame[0] === FrameKind.message) this.hearMessage(first, secondOf(frame), sealedOf(frame));
    else if (frame[0] === FrameKind.status) this.progress(first, secondOf(frame));
    else if (frame[0] === FrameKind.gap) {
      this.hasStored(first);
      this.pump();
    }
  }

  /** Resolves when everything that has arrived has been taken. */
  settled(): Promise<void> {
    return this.taking;
  }

  /** Tells the other side at once what has been taken. */
  tellReceived(): void {
    if (this.receipt) clearTimeout(this.receipt);
    this.receipt = null;
    if (this.isAttached) this.host.send(receivedFrame(this.expected - 1));
  }

  stop(): void {
    this.isAttached = false;
    clearInterval(this.syncing);
    if (this.receipt) clearTimeout(this.receipt);
    if (this.pumping) clearTimeout(this.pumping);
  }

  private hearMessage(n: number, base: number, sealed: Uint8Array): void {
    // Below `base` nothing will come any more: the sender's page was reloaded and no longer has it.
    if (base > this.arrived + 1) this.arrived = base - 1;
    if (n <= this.arrived) return this.receiptSoon();
    if (n > this.arrived + 1) return void this.host.send(syncFrame(this.arrived + 1));
    this.arrived = n;
    this.taking = this.taking
      .then(() => this.host.take(sealed))
      .then(() => {
        this.expected = n + 1;
        this.keep();
        this.receiptSoon();
      });
  }

  private receiptSoon(): void {
    this.receipt ??= setTimeout(() => this.tellReceived(), receiptPause);
  }

  /** A server that has lost what it had stored says so, and what was stored before counts no more. */
  private hasStored(upTo: number): void {
    this.sentUpTo = upTo;
    this.stored = Math.min(this.stored, Math.max(upTo, this.delivered));
  }

  private progress(stored: number, delivered: number): void {
    this.stored = Math.max(this.stored, stored, delivered);
    if (delivered > this.delivered) {
      this.delivered = delivered;
      this.outbox = this.outbox.filter(({ n }) => n > delivered);
      this.keep();
    }
    this.host.progressed(this.stored, this.delivered);
    this.pump();
  }

  private pump(): void {
    if (!this.isAttached) return;
    const base = this.outbox[0]?.n ?? this.nextN;
    for (const { n, sealed } of this.outbox) {
      if (n <= this.sentUpTo) continue;
      if (n >= base + sendWindow) return;
      if (!this.mayPass()) return this.pumpSoon();
      if (!this.host.send(messageFrame(n, base, sealed))) return;
      this.sentUpTo = n;
    }
  }

  private pumpSoon(): void {
    this.pumping ??= setTimeout(() => {
      this.pumping = null;
      this.pump();
    }, 1000 / sendRate);
  }

  private mayPass(): boolean {
    const now = Date.now();
    this.tokens = Math.min(sendBurst, this.tokens + ((now - this.filledAt) * sendRate) / 1000);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  private sync(): void {
    if (!this.isAttached) return;
    this.sentUpTo = Math.min(this.sentUpTo, this.stored);
    this.host.send(syncFrame(this.expected));
    this.pump();
  }

  private keep(): void {
    const { nextN, expected, outbox } = this;
    this.host.keep({ nextN, expected, outbox });
  }
}
