import {
  conversationClosed,
  conversationMoved,
  presenceChanged
} from '#shared/conversation/calls.ts';
import { visitorReturned, type Returned } from '#shared/queue/calls.ts';
import { gapFrame, statusFrame } from '#shared/wire/frame.ts';
import type { Connection } from '#server/wire/connection.ts';
import { tellAtEndOfTurn } from '#server/wire/turn.ts';
import type { Receiver } from '#server/store/volatile/relay.ts';

/** Tells one socket what happens on its side of the conversation. */
export class SocketReceiver implements Receiver {
  private readonly connection: Connection;
  private stored = 0;
  private delivered = 0;
  private isDue = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  message(frame: Uint8Array): void {
    this.connection.sendFrame(frame);
  }

  status(stored: number, delivered: number): void {
    this.stored = stored;
    this.delivered = delivered;
    this.connection.delivered(delivered);
    if (this.isDue) return;
    this.isDue = true;
    tellAtEndOfTurn(this);
  }

  tellPosition(): void {
    this.isDue = false;
    this.connection.sendFrame(statusFrame(this.stored, this.delivered));
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
