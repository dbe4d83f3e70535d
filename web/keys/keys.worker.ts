import { createChannel, type Channel, type ChannelOptions } from '#shared/crypto/channel.ts';
import { SodiumCannotLoad } from '#shared/crypto/sodium.ts';
import type { Answers, FromWorker, KeysOptions, ToWorker } from './worker-messages.ts';

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
  return channel.seal(question.bytes, { final: question.final });
}

async function open(options: KeysOptions): Promise<Answers['open']> {
  if (channel) throw new Error('this worker already holds the keys of a conversation');
  try {
    channel = await createChannel(channelOptions(options));
    return 'opened';
  } catch (error) {
    if (error instanceof SodiumCannotLoad) return 'cannot-load';
    throw error;
  }
}

function channelOptions(options: KeysOptions): ChannelOptions {
  if (options.role === 'visitor') return { ...options, now: () => Date.now() };
  const { privateKey, ...rest } = options;
  return {
    ...rest,
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(bytes)))
  };
}
