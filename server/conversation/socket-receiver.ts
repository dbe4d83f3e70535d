import {
  conversationClosed,
  conversationMoved,
  presenceChanged
} from '#shared/conversation/calls.ts';
import { visitorReturned, type Returned } from '#shared/queue/calls.ts';
import { gapFrame, statusFrame } from '#shared/wire/frame.ts';
import type { Connection } from '#server/wire/connection.ts';
import { tellAtEndOfTurn, tellSoon } from '#server/wire/turn.ts';
import type { Receiver } from '#server/store/volatile/relay.ts';

/** Tells one socket what happens on its side of the conversation. */
export class SocketReceiver implements Receiver {
  private readonly connection: Connection;
  private stored = 0;
  private delivered = 0;
  /** Whether the sender is to be told at the end of this turn, or soon. */
  private due: 'now' | 'soon' | null = null;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  message(frame: Uint8Array): void {
    this.connection.sendFrame(frame);
  }

  status(stored: number, delivered: number): void {
    const isDelivered = delivered > this.delivered;
    this.stored = stored;
    this.delivered = delivered;
    this.connection.delivered(delivered);
    // That a message is stored is mostly told together with that it was delivered, a moment later.
    if (isDelivered) this.tellNow();
    else if (this.due === null) {
      this.due = 'soon';
      tellSoon(this);
    }
  }

  tellPosition(): void {
    if (this.due === null) return;
    this.due = null;
    this.connection.sendFrame(statusFrame(this.stored, this.delivered));
  }

  private tellNow(): void {
    if (this.due !== 'now') tellAtEndOfTurn(this);
    this.due = 'now';
  }

  gap(stored: number): void {
    this.connection.sendFrame(gapFrame(stored));
  }

  otherHere(here: boolean): void {
    this.connection.tell(presenceChanged, { here });
  }

  moved(): void {
    this.connection.letGo();
    this.connection.tell(conversationMoved, {});
  }

  returned(why: Returned): void {
    this.connection.letGo();
    this.connection.tell(visitorReturned, { why });
  }

  closed(): void {
    this.connection.letGo();
    this.connection.tell(conversationClosed, {});
  }
}
