import type { ClipWork } from '#shared/crypto/clip-work.ts';
import { startWorker } from '../wire/start-worker.ts';

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** The card's computing, in a worker: tens of milliseconds that a page would be frozen for. */
export function workInWorker(): ClipWork {
  const worker = startWorker('clips');
  const waiting = new Map<number, Waiting>();
  let asked = 0;

  worker?.addEventListener('message', ({ data }: MessageEvent<{ number: number }>) => {
    const one = waiting.get(data.number);
    waiting.delete(data.number);
    if ('value' in data) one?.resolve(data.value as never);
    else one?.reject(new Error('the clip could not be computed'));
  });
  worker?.addEventListener('error', () => {
    for (const { reject } of waiting.values()) reject(new Error('the worker ended'));
    waiting.clear();
  });

  const ask = <Value>(method: keyof ClipWork, order: unknown): Promise<Value> => {
    if (!worker) return Promise.reject(new Error('workers are not allowed here'));
    asked += 1;
    const number = asked;
    return new Promise<Value>((resolve, reject) => {
      waiting.set(number, { resolve, reject });
      worker.postMessage({ number, method, order });
    });
  };
  return {
    newSeed: () => ask('newSeed', null),
    blind: (order) => ask('blind', order),
    finish: (order) => ask('finish', order),
    show: (order) => ask('show', order),
    id: (order) => ask('id', order)
  };
}
