import { CERTIFICATE_BYTES } from '#shared/crypto/certificate.ts';
import { frameOf, readKind, type ChannelEvent } from '#shared/crypto/channel-events.ts';
import { readRosterBody, writeRosterBody } from '#shared/crypto/roster-body.ts';
import type {
  Answers,
  FromWorker,
  KeysOptions,
  ToWorker
} from '../../../web/keys/worker-messages.ts';

/*
 * Answers as the worker with the keys does, and hides nothing: HELLO and REPLY are empty, a sealed
 * frame is one byte (1: final) and the message itself. A roster is signed by nobody and accepted as it is.
 */

type WorkerScope = {
  postMessage(message: FromWorker): void;
  addEventListener(kind: 'message', hear: (event: { data: ToWorker }) => void): void;
};
const scope = globalThis as unknown as WorkerScope;
const empty = new Uint8Array(0);

let isVisitor = false;
let isResumed = false;
let isSecured = false;

scope.addEventListener('message', ({ data }) =>
  scope.postMessage({ kind: 'answered', number: data.number, answer: answerTo(data) })
);

function answerTo(question: ToWorker): Answers[keyof Answers] {
  if (question.ask === 'open') return open(question.options);
  if (question.ask === 'start') return isVisitor ? [frameOf('hello', empty)] : [];
  if (question.ask === 'receive') return receive(question.frame);
  if (question.ask === 'sign-roster') {
    const certificate = new Uint8Array(CERTIFICATE_BYTES);
    return { kind: 'signed', bytes: writeRosterBody({ ...question.order, certificate }) };
  }
  if (question.ask === 'open-roster') return openRoster(question.bytes);
  if (!isSecured) return { kind: 'refused', refusal: 'not-secured' };
  return { kind: 'sealed', frame: frameOf('sealed', plain(question)) };
}

function open({ role, resumeKey }: KeysOptions): Answers['open'] {
  isVisitor = role === 'visitor' || role === 'guest-asking';
  isResumed = resumeKey !== undefined;
  return 'opened';
}

function receive(frame: Uint8Array): Answers['receive'] {
  const kind = readKind(frame);
  if (kind === 'hello') return { send: [frameOf('reply', empty)], events: [secured()] };
  if (kind === 'reply') return { send: [], events: [secured()] };
  const message = { kind: 'message', bytes: frame.slice(2), final: frame[1] === 1 } as const;
  return { send: [], events: kind === 'sealed' ? [message] : [] };
}

function secured(): ChannelEvent {
  isSecured = true;
  const resumeKey = new Uint8Array(32);
  const peerKeyId = new Uint8Array(16);
  return { kind: 'secured', shortCode: '000000', resumeKey, resumed: isResumed, peerKeyId };
}

function openRoster(bytes: Uint8Array): Answers['open-roster'] {
  const read = readRosterBody(bytes);
  if (!read) return { kind: 'refused', refusal: 'malformed' };
  const { epoch } = read;
  // Nobody proves to hold a key, so nobody is listed with one.
  const members = read.members.map((member) => ({ ...member, keyId: new Uint8Array(16) }));
  const hash = new Uint8Array(32).fill(epoch);
  return {
    kind: 'accepted',
    roster: { epoch, hash, members, signedBy: new Uint8Array(16) },
    isNew: true
  };
}

function plain({ bytes, final }: { bytes: Uint8Array; final: boolean }): Uint8Array {
  const body = new Uint8Array(1 + bytes.length);
  body[0] = final ? 1 : 0;
  body.set(bytes, 1);
  return body;
}
