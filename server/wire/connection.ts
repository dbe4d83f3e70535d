import type { Socket } from 'socket.io';
import type { ContentOf, News } from '#shared/wire/define-news.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Account } from '#server/counsellor/account.ts';
import type { Line } from '#server/store/volatile/relay.ts';
import { releaseAtEndOfTurn, type HeldBack } from './turn.ts';
import { Bucket, type Limits } from './limits.ts';

/** The `ws` socket under Engine.IO's transport, and the TCP socket under that. */
interface WebSocketOfEngine {
  readonly bufferedAmount: number;
  readonly _socket: { cork(): void; uncork(): void } | null;
  send(data: Uint8Array, options: { binary: true; compress: false }): void;
  terminate(): void;
}
/** So many messages for one that is timed. */
const oneIn = 8;
const frameOptions = { binary: true, compress: false } as const;

/** One socket, and what it has shown a right to. Nothing here says who a visitor is. */
export class Connection implements HeldBack {
  readonly socket: Socket;
  private readonly webSocket: WebSocketOfEngine;
  private isHeldBack = false;
  readonly limits: Limits;
  readonly bucket: Bucket;
  /** The signed-in member of staff; null for every visitor. */
  readonly account: Account | null;
  /** The conversation this socket waits for. */
  waitingFor: ConversationId | null = null;
  /** The side of a conversation this socket is attached to. */
  line: Line | null = null;
  /** Hears how many seconds one message in eight took until the other side had it. */
  onDelivered: (seconds: number) => void = () => {};
  /** The message that is timed, and milliseconds of `performance.now()`; 0 for none. */
  private timed = 0;
  private timedSince = 0;
  private onLineLost: ((silentFor: number) => void) | null = null;
  openCalls = 0;
  /** Milliseconds of `performance.now()` when it last asked or wrote something. */
  usedAt = 0;

  constructor(socket: Socket, account: Account | null, limits: Limits) {
    this.socket = socket;
    this.webSocket = (socket.conn.transport as unknown as { socket: WebSocketOfEngine }).socket;
    this.account = account;
    this.limits = limits;
    this.bucket = new Bucket(limits.burst, performance.now());
  }

  /** Counts one packet; false when it was one too many, and the line is cut. */
  mayPass(): boolean {
    this.usedAt = performance.now();
    // Who asks and does not read would have the answers wait here without end.
    if (this.bucket.take(this.limits, this.usedAt) && !this.isDeaf()) return true;
    this.hangUp();
    return false;
  }

  /** A message has come. */
  sent(n: number): void {
    if (this.timed !== 0 || n % oneIn !== 0) return;
    this.timed = n;
    this.timedSince = this.usedAt;
  }

  /** The other side has everything up to `n`. */
  delivered(n: number): void {
    if (this.timed === 0 || n < this.timed) return;
    this.timed = 0;
    this.onDelivered((performance.now() - this.timedSince) / 1000);
  }

  /** `onLost` hears for how many milliseconds nothing had been heard of this socket before. */
  hold(line: Line, onLost: (silentFor: number) => void): void {
    this.line = line;
    this.onLineLost = onLost;
  }

  /** The conversation went on elsewhere, or is over. */
  letGo(silentFor = 0): void {
    this.line = null;
    this.timed = 0;
    this.onLineLost?.(silentFor);
    this.onLineLost = null;
  }

  tell<N extends News>(news: N, content: ContentOf<N>): void {
    if (this.isDeaf()) this.hangUp();
    else this.socket.emit(news.name, content);
  }

  /** Whether more waits for this socket than for one that reads: packets, or their bytes. */
  private isDeaf(): boolean {
    const { writeBuffer } = this.socket.conn as unknown as { writeBuffer: { data?: string }[] };
    if (writeBuffer.length === 0) return false;
    if (writeBuffer.length > this.limits.waitingPackets) return true;
    let waiting = this.webSocket.bufferedAmount;
    for (const { data } of writeBuffer) waiting += data?.length ?? 0;
    return waiting > this.limits.waitingBytes;
  }

  /**
   * Sends a relay frame as one binary WebSocket message, below Socket.IO and Engine.IO. It may overtake
   * their packets; among themselves frames keep their order.
   */
  sendFrame(frame: Uint8Array): void {
    const { webSocket } = this;
    // A reader who does not read would otherwise fill the server's memory.
    if (webSocket.bufferedAmount > this.limits.waitingBytes) return this.hangUp();
    if (!this.isHeldBack && webSocket._socket) {
      this.isHeldBack = true;
      webSocket._socket.cork();
      releaseAtEndOfTurn(this);
    }
    webSocket.send(frame, frameOptions);
  }

  release(): void {
    this.isHeldBack = false;
    this.webSocket._socket?.uncork();
  }

  /** Closes the line, not the conversation: the client connects again and resumes. */
  hangUp(): void {
    // Not `close`: it waits for the other side to agree, and reads on meanwhile what a flood still sends.
    this.webSocket.terminate();
  }
}
