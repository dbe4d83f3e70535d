import type { Returned } from '#shared/queue/calls.ts';
import { firstOf } from '#shared/wire/frame.ts';
import type { Receiver } from './relay.ts';

/** Frames held for a peer who is away; the sender's own window is smaller. */
const mostHeld = 32;

/** What one side of a conversation has sent: numbers without a gap, held until delivered. */
export class Side {
  stored = 0;
  delivered = 0;
  receiver: Receiver | null = null;
  /** Of its receiver, as its device counts them. */
  attempt = 0;
  private held: Uint8Array[] = [];
  /** False in a state just begun: after a restart, what the sides say is taken for the truth. */
  private settled = false;

  append(n: number, base: number, frame: Uint8Array, goesOut: boolean): Appended {
    if (n <= this.stored) return 'duplicate';
    // The sender holds nothing below `base` any more, so nothing below it can still come.
    if (base > this.stored + 1) this.stored = base - 1;
    if (n > this.stored + 1) return 'gap';
    if (this.held.length >= mostHeld) return 'full';
    this.stored = n;
    this.settled = true;
    // A frame is a view into the socket's read buffer; one that waits must not keep all of it.
    this.held.push(goesOut ? frame : Uint8Array.from(frame));
    return 'stored';
  }

  /** @returns whether that was news. */
  receivedUpTo(n: number): boolean {
    if (n <= this.delivered || n > this.stored) return false;
    this.delivered = n;
    while (this.held[0] && firstOf(this.held[0]) <= n) this.held.shift();
    return true;
  }

  /** The peer says what it expects next; a state just begun learns from it. */
  receivedBefore(expected: number): void {
    if (!this.settled && expected - 1 > this.stored) this.stored = expected - 1;
    if (this.receivedUpTo(expected - 1)) this.receiver?.status(this.stored, this.delivered);
  }

  heldFrom(expected: number): Uint8Array[] {
    return this.held.filter((frame) => firstOf(frame) >= expected);
  }

  restart(why: Returned): void {
    this.held = [];
    this.receiver?.returned(why);
    this.receiver = null;
  }

  close(): void {
    this.held = [];
    this.receiver?.closed();
    this.receiver = null;
  }
}

export type Appended = 'stored' | 'duplicate' | 'gap' | 'full';
