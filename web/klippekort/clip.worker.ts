import { createClipWork, type ClipWork } from '#shared/crypto/clip-work.ts';

/** One method of the work, by number, so that answers find their questions. */
export interface ClipQuestion {
  readonly number: number;
  readonly method: keyof ClipWork;
  readonly order: unknown;
}

const work = createClipWork() as Record<keyof ClipWork, (order: unknown) => Promise<unknown>>;

self.onmessage = async ({ data }: MessageEvent<ClipQuestion>) => {
  const { number, method, order } = data;
  try {
    self.postMessage({ number, value: await work[method](order) });
  } catch {
    self.postMessage({ number });
  }
};
