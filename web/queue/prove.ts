import type { Challenge } from 'altcha-lib/types';
import { startWorker } from '../wire/start-worker.ts';

/** @returns the proof the server asks for, or null when this device could not make it. */
export function prove(challenge: Challenge): Promise<string | null> {
  const worker = startWorker('proof');
  if (!worker) return Promise.resolve(null);
  return new Promise<string | null>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<string | null>) => resolve(data);
    worker.onerror = () => resolve(null);
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}
