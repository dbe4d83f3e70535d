import type { Socket } from 'socket.io';
import type { ContentOf, News } from '#shared/wire/define-news.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Account } from '#server/counsellor/account.ts';
import type { Line } from '#server/store/volatile/relay.ts';
import { Bucket, type Limits } from './limits.ts';

/** One socket, and what it has shown a right to. Nothing here says who a visitor is. */
export class Connection {
  readonly socket: Socket;
  readonly limits: Limits;
  readonly bucket: Bucket;
  /** The signed-in member of staff; null for every visitor. */
  readonly account: Account | null;
  /** The conversation this socket waits for. */
  waitingFor: ConversationId | null = null;
  /** The side of a conversation this socket is attached to. */
  line: Line | null = null;
  private onLineLost: (() => void) | null = null;
  openCalls = 0;
  /** Milliseconds of `performance.now()` when it last asked or wrote something. */
  usedAt = 0;

  constructor(socket: Socket, account: Account | null, limits: Limits) {
    this.socket = socket;
    this.account = account;
    this.limits = limits;
    this.bucket = new Bucket(limits.burst, performance.now());
  }

  /** Counts one packet; false when it was one too many, and the line is cut. */
  mayPass(): boolean {
    this.usedAt = performance.now();
    if (this.bucket.take(this.limits, this.usedAt)) return true;
    this.hangUp();
    return false;
  }

  hold(line: Line, onLost: () => void): void {
    this.line = line;
    this.onLineLost = onLost;
  }

  /** The conversation went on elsewhere, or is over. */
  letGo(): void {
    this.line = null;
    this.onLineLost?.();
    this.onLineLost = null;
  }

  tell<N extends News>(news: N, content: ContentOf<N>): void {
    this.socket.emit(news.name, content);
  }

  /** Sends a relay frame as one binary WebSocket message, below Socket.IO's packets. */
  sendFrame(frame: Uint8Array): void {
    const conn = this.socket.conn;
    if (this.isStalled()) conn.close(true);
    else conn.send(frame);
  }

  /** A reader who does not read would otherwise fill the server's memory. */
  private isStalled(): boolean {
    const conn = this.socket.conn as unknown as {
      writeBuffer: unknown[];
      transport: { socket?: { bufferedAmount: number } };
    };
    return (
      conn.writeBuffer.length > this.limits.waitingPackets ||
      (conn.transport.socket?.bufferedAmount ?? 0) > this.limits.waitingBytes
    );
  }

  /** Closes the line, not the conversation: the client connects again and resumes. */
  hangUp(): void {
    this.socket.conn.close(true);
  }
}
