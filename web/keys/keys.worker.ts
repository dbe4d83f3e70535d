import { createChannel, type Channel, type ChannelOptions } from '#shared/crypto/channel.ts';
import type { Certified } from '#shared/crypto/counsellor-handshake.ts';
import { openRoster, signRoster } from '#shared/crypto/roster.ts';
import { SodiumCannotLoad } from '#shared/crypto/sodium.ts';
import type { Answers, FromWorker, KeysOptions, RosterOrder, ToWorker } from './worker-messages.ts';

/*
 * Holds the keys of one conversation. The wasm heap is never zeroed by the library, so the page ends
 * this worker to forget them.
 */

/** The part of a worker's global scope that is used; the DOM's own types describe a window here. */
type WorkerScope = {
  postMessage(message: FromWorker): void;
  addEventListener(kind: 'message', hear: (event: { data: ToWorker }) => void): void;
};
const scope = globalThis as unknown as WorkerScope;

let channel: Channel | undefined;
/** What a counsellor signs rosters with. */
let certified: Certified | undefined;
let last: Promise<void> = Promise.resolve();

scope.addEventListener('message', ({ data }) => {
  // One question at a time: answers leave in the order in which the page asked.
  last = last.then(() => reply(data));
});

async function reply(question: ToWorker): Promise<void> {
  const { number } = question;
  try {
    scope.postMessage({ kind: 'answered', number, answer: await answerTo(question) });
  } catch (error) {
    scope.postMessage({ kind: 'failed', number, reason: String(error) });
  }
}

async function answerTo(question: ToWorker): Promise<Answers[keyof Answers]> {
  if (question.ask === 'open') return open(question.options);
  if (!channel) throw new Error('the keys are not open');
  if (question.ask === 'start') return channel.start();
  if (question.ask === 'receive') return channel.receive(question.frame);
  if (question.ask === 'sign-roster') return signAsCounsellor(question.order);
  // Libsodium is loaded: a channel is open.
  if (question.ask === 'open-roster')
    return openRoster(question.bytes, { ...question.trust, now: Date.now() });
  return channel.seal(question.bytes, { final: question.final });
}

async function signAsCounsellor(order: RosterOrder): Promise<Answers['sign-roster']> {
  if (!certified) throw new Error('only a counsellor signs who takes part');
  return { kind: 'signed', bytes: await signRoster({ ...order, ...certified }) };
}

async function open(options: KeysOptions): Promise<Answers['open']> {
  if (channel) throw new Error('this worker already holds the keys of a conversation');
  try {
    const own = channelOptions(options);
    channel = await createChannel(own);
    if (own.role === 'counsellor') certified = { certificate: own.certificate, sign: own.sign };
    return 'opened';
  } catch (error) {
    if (error instanceof SodiumCannotLoad) return 'cannot-load';
    throw error;
  }
}

function channelOptions(options: KeysOptions): ChannelOptions {
  if (options.role === 'visitor' || options.role === 'guest-asking')
    return { ...options, now: () => Date.now() };
  if (options.role === 'guest-answering') return options;
  const { privateKey, ...rest } = options;
  return {
    ...rest,
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(bytes)))
  };
}
