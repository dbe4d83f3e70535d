import { refused, type Received } from '#shared/crypto/channel-events.ts';
import type { Sealed } from '#shared/crypto/channel.ts';
import { startWorker } from '../wire/start-worker.ts';
import type {
  Answers,
  FromWorker,
  KeysOptions,
  Question,
  RosterOrder,
  RosterQuestion,
  ToWorker
} from './worker-messages.ts';

export type { KeysOptions, Received, Sealed };

/** The keys of one conversation, which live in a worker. Calls are answered in order. */
export type Keys = {
  /** The frames to send first, or once more when the other side has stayed silent. */
  start(): Promise<Uint8Array[]>;
  /** Take a frame of the other side: what to send back, and what happened. */
  receive(frame: Uint8Array): Promise<Received>;
  seal(bytes: Uint8Array, options?: { final?: boolean }): Promise<Sealed>;
  /** Sign who takes part, with the key and certificate of this counsellor. Rejects in any other role. */
  signRoster(order: RosterOrder): Promise<Answers['sign-roster']>;
  /** Whether a roster may follow the one that is known. */
  openRoster(bytes: Uint8Array, trust: RosterQuestion): Promise<Answers['open-roster']>;
  /** End the worker, and with it forget every key. What is still asked is answered as dead. */
  close(): void;
};

export type OpenedKeys =
  { kind: 'opened'; keys: Keys } | { kind: 'refused'; refusal: 'cannot-load' };

/**
 * Start a worker and open a conversation in it. `cannot-load`: the script or wasm is blocked, or a
 * chunk did not arrive whole; nothing may be sent then.
 * @param options what may still be on its way while the worker starts
 */
export async function openKeys(options: KeysOptions | Promise<KeysOptions>): Promise<OpenedKeys> {
  const worker = startWorker('keys');
  if (!worker) return { kind: 'refused', refusal: 'cannot-load' };
  const line = lineTo(worker);
  const opened = await line.ask({ ask: 'open', options: await options }, 'cannot-load');
  if (opened === 'cannot-load') {
    line.close();
    return { kind: 'refused', refusal: 'cannot-load' };
  }
  const keys: Keys = {
    start: () => line.ask({ ask: 'start' }, []),
    receive: (frame) => line.ask({ ask: 'receive', frame }, refused('channel-dead', true)),
    seal: (bytes, { final = false } = {}) => line.ask({ ask: 'seal', bytes, final }, dead),
    signRoster: (order) => line.ask({ ask: 'sign-roster', order }, dead),
    openRoster: (bytes, trust) => line.ask({ ask: 'open-roster', bytes, trust }, dead),
    close: () => line.close()
  };
  return { kind: 'opened', keys };
}

const dead = { kind: 'refused', refusal: 'channel-dead' } as const;

type Waiting = { answer(message: FromWorker): void; giveUp(): void };

/** Questions to a worker by number. A worker that breaks or is ended answers everything with `whenDead`. */
function lineTo(worker: Worker) {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let isClosed = false;

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    worker.terminate();
    for (const { giveUp } of waiting.values()) giveUp();
    waiting.clear();
  }

  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    waiting.get(data.number)?.answer(data);
    waiting.delete(data.number);
  });
  worker.addEventListener('error', close);
  worker.addEventListener('messageerror', close);

  return {
    ask<Ask extends Question['ask']>(
      question: Extract<Question, { ask: Ask }>,
      whenDead: Answers[Ask]
    ): Promise<Answers[Ask]> {
      if (isClosed) return Promise.resolve(whenDead);
      asked += 1;
      const number = asked;
      return new Promise((resolve, reject) => {
        waiting.set(number, {
          answer: (message) =>
            message.kind === 'answered'
              ? resolve(message.answer as Answers[Ask])
              : reject(new Error(message.reason)),
          giveUp: () => resolve(whenDead)
        });
        worker.postMessage({ ...(question as Question), number } satisfies ToWorker);
      });
    },
    close
  };
}
