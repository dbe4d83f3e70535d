import { io, type Socket } from 'socket.io-client';
import * as v from 'valibot';
import {
  refuse,
  type AnswerOf,
  type Call,
  type DoorRefusal,
  type RequestOf
} from '#shared/wire/define-call.ts';
import type { ContentOf, News } from '#shared/wire/define-news.ts';
import { parser, relayEvent } from '#shared/wire/parser.ts';

/** What asking can come to when nobody answers. */
export type LineRefusal = 'line-down' | 'strange-answer';
export type Asked<C extends Call> = AnswerOf<C> | { ok: false; refusal: LineRefusal | DoorRefusal };

const answerWithin = 8_000;
const notSignedIn = 'not-signed-in';

/** What a page dispatches on its window when somebody has signed in again. */
export const signedInAgain = 'frirum:signed-in-again';

/** One connection to the house. It keeps trying; what must not be lost waits in `Delivery`. */
export class Line {
  private readonly socket: Socket;
  private isRefused = false;

  constructor(as: 'visitor' | 'staff') {
    this.socket = io({
      parser,
      transports: ['websocket'],
      forceNew: true,
      autoConnect: false,
      auth: as === 'staff' ? { as } : {},
      reconnectionDelay: 300,
      reconnectionDelayMax: 2_500,
      timeout: 8_000
    });
    this.socket.on('connect', () => (this.isRefused = false));
    this.socket.on('connect_error', ({ message }) => (this.isRefused = message === notSignedIn));
    addEventListener('online', this.hurry);
    document.addEventListener('visibilitychange', this.hurry);
    addEventListener(signedInAgain, this.comeBack);
  }

  open(): void {
    this.socket.connect();
  }

  get isUp(): boolean {
    return this.socket.connected;
  }

  /** Resolves when the line is up: at once when it is. */
  whenUp(): Promise<void> {
    return this.socket.connected
      ? Promise.resolve()
      : new Promise((resolve) => this.socket.once('connect', () => resolve()));
  }

  /** Hears of the line coming and going; a refusal comes as its name, e.g. `not-signed-in`. */
  onState(listener: (isUp: boolean, refusal: string | null) => void): void {
    this.socket.on('connect', () => listener(true, null));
    this.socket.on('disconnect', () => listener(false, null));
    this.socket.on('connect_error', ({ message }) =>
      listener(false, message === notSignedIn ? message : null)
    );
  }

  async ask<C extends Call>(call: C, request: RequestOf<C>): Promise<Asked<C>> {
    if (!this.socket.connected) return refuse('line-down');
    try {
      const answer = await this.socket.timeout(answerWithin).emitWithAck(call.name, request);
      if (!answer.ok) return refuse(String(answer.refusal) as DoorRefusal);
      const value = v.safeParse(call.value, answer.value);
      return value.success ? { ok: true, value: value.output } : refuse('strange-answer');
    } catch {
      return refuse('line-down');
    }
  }

  /** The session behind the line is another one now: the old line is left for a new one. */
  renew(): void {
    this.socket.disconnect().connect();
  }

  hear<N extends News>(news: N, listener: (content: ContentOf<N>) => void): void {
    this.socket.on(news.name, (content: unknown) => {
      const read = v.safeParse(news.content, content);
      if (read.success) listener(read.output);
    });
  }

  /** @returns false when the line is down. */
  sendFrame(frame: Uint8Array): boolean {
    if (!this.socket.connected) return false;
    this.socket.emit(relayEvent, frame);
    return true;
  }

  hearFrames(listener: (frame: Uint8Array) => void): void {
    this.socket.on(relayEvent, listener);
  }

  /** Says one last thing without waiting, e.g. when the page is left in a hurry. */
  callOut(call: Call, request: object): void {
    if (this.socket.connected) this.socket.emit(call.name, request, () => {});
  }

  close(): void {
    removeEventListener('online', this.hurry);
    document.removeEventListener('visibilitychange', this.hurry);
    removeEventListener(signedInAgain, this.comeBack);
    this.socket.removeAllListeners();
    this.socket.disconnect();
  }

  /** A line that was refused because nobody was signed in does not try again by itself. */
  private readonly comeBack = (): void => {
    if (this.isRefused) this.socket.connect();
  };

  /** The train left the tunnel, the phone is unlocked: no reason to wait for the next try. */
  private readonly hurry = (): void => {
    if (document.visibilityState !== 'visible' || this.socket.connected || !this.socket.active)
      return;
    this.socket.disconnect().connect();
  };
}
