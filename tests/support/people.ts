import { io, type Socket } from 'socket.io-client';
import { vi } from 'vitest';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { attach } from '#shared/conversation/calls.ts';
import { joinQueue, requestChallenge, takeNext } from '#shared/queue/calls.ts';
import { openDesk, setShift } from '#shared/shift/calls.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { Answer, AnswerOf, Call, RequestOf } from '#shared/wire/define-call.ts';
import { FrameKind } from '#shared/wire/frame.ts';
import { parser, relayEvent } from '#shared/wire/parser.ts';
import type { RunningApp } from './app.ts';

/** The service, in this process or in one of its own. */
type House = Pick<RunningApp, 'origin' | 'password'>;

/** Somebody at the other end of a real socket. */
export interface Person {
  readonly socket: Socket;
  ask<C extends Call>(call: C, request: RequestOf<C>): Promise<AnswerOf<C>>;
  /** Asks anything, as an attacker may. */
  askRaw(name: string, ...request: unknown[]): Promise<Answer<unknown, string>>;
  send(frame: Uint8Array): void;
  /** The next MESSAGE frame, or one that has come already and was not taken. */
  nextMessage(): Promise<Uint8Array>;
  hears(news: string): Promise<unknown>;
  leave(): void;
}

const present = new Set<Socket>();

/** After each test: nobody is left over for the next. */
export async function everybodyLeaves(app: RunningApp): Promise<void> {
  for (const socket of present) socket.disconnect();
  present.clear();
  await vi.waitUntil(() => app.app.io.engine.clientsCount === 0);
}

export async function connect(
  { origin }: Pick<RunningApp, 'origin'>,
  options: { cookie?: string; as?: 'staff' } = {}
): Promise<Person> {
  const socket = io(origin, {
    parser,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: options.as ? { as: options.as } : {},
    extraHeaders: { origin, ...(options.cookie ? { cookie: options.cookie } : {}) }
  });
  present.add(socket);
  const frames: Uint8Array[] = [];
  const waiting: ((frame: Uint8Array) => void)[] = [];
  socket.on(relayEvent, (frame: Uint8Array) => {
    if (frame[0] !== FrameKind.message) return;
    const next = waiting.shift();
    if (next) next(new Uint8Array(frame));
    else frames.push(new Uint8Array(frame));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    socket,
    ask: (call, request) => socket.timeout(10_000).emitWithAck(call.name, request),
    askRaw: (name, ...request) => socket.timeout(10_000).emitWithAck(name, ...request),
    send: (frame) => void socket.emit(relayEvent, frame),
    nextMessage: () => {
      const frame = frames.shift();
      return frame ? Promise.resolve(frame) : new Promise((resolve) => waiting.push(resolve));
    },
    hears: (news) => new Promise((resolve) => socket.once(news, resolve)),
    leave: () => void socket.disconnect()
  };
}

export async function signIn(app: House, name = 'mikkel'): Promise<string> {
  const response = await fetch(`${app.origin}/desk/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: app.origin },
    body: JSON.stringify({ name, password: app.password(name) })
  });
  if (response.status !== 204) throw new Error(`sign-in: ${response.status}`);
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

export const aVisitor = (app: House): Promise<Person> => connect(app);

/** A counsellor at the desk, on shift. */
export async function aCounsellor(app: House, name = 'mikkel') {
  const cookie = await signIn(app, name);
  const desk = await connect(app, { cookie, as: 'staff' });
  await valueOf(desk.ask(openDesk, {}));
  await valueOf(desk.ask(setShift, { state: 'on' }));
  return { ...desk, cookie };
}

export const young: Visitor = { kind: 'young', age: 'under-18', language: 'da' };

export async function aProof(person: Person): Promise<string> {
  const { challenge } = await valueOf(person.ask(requestChallenge, {}));
  const solution = await solveChallenge({ challenge, deriveKey });
  return JSON.stringify({ challenge, solution });
}

export async function join(person: Person, visitor: Visitor = young) {
  return valueOf(person.ask(joinQueue, { visitor, proof: await aProof(person) }));
}

/** A visitor and a counsellor, both attached to one conversation. */
export async function aConversation(app: House) {
  const visitor = await aVisitor(app);
  const desk = await aCounsellor(app);
  const mine = await join(visitor);
  const taken = await valueOf(desk.ask(takeNext, {}));
  const counsellor = await connect(app, { cookie: desk.cookie, as: 'staff' });
  await valueOf(visitor.ask(attach, { capability: mine.capability, expected: 1 }));
  await valueOf(counsellor.ask(attach, { capability: taken.capability, expected: 1 }));
  return {
    visitor,
    counsellor,
    desk,
    conversation: mine.conversation,
    visitorToken: mine.capability,
    counsellorToken: taken.capability
  };
}

/** The value of an answer; a refusal fails the test that did not expect it. */
export async function valueOf<Value>(answer: Promise<Answer<Value, string>>): Promise<Value> {
  const settled = await answer;
  if (!settled.ok) throw new Error(`refused: ${settled.refusal}`);
  return settled.value;
}
