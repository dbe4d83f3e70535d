import type { Challenge } from 'altcha-lib/types';

/** @returns the proof the server asks for, or null when this device could not make it. */
export function prove(challenge: Challenge): Promise<string | null> {
  const worker = new Worker(new URL('./proof.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<string | null>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<string | null>) => resolve(data);
    worker.onerror = () => resolve(null);
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}
