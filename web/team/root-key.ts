import type { CertificateRole } from '#shared/crypto/certificate.ts';
import { startWorker } from '../wire/start-worker.ts';

/** What is signed: a key somebody's device has made (Ed25519, 32 bytes), and what it may be used as. */
export interface SigningOrder {
  readonly role: CertificateRole;
  readonly publicKey: Uint8Array;
  /** How long the certificate is in force. */
  readonly days: number;
}

/** What comes of opening a file; everything but `opened` is a refusal. */
export type Opened =
  'opened' | 'not-a-root-key' | 'other-organisation' | 'cannot-read' | 'cannot-load';

type Question =
  | { readonly ask: 'open'; readonly file: Blob; readonly organisation: Uint8Array }
  | { readonly ask: 'sign'; readonly orders: readonly SigningOrder[]; readonly now: number };
export type RootKeyQuestion = Question & { readonly number: number };

/** The root key as a lead's file holds it, in a worker without a network. The page sees none of it. */
export class RootKey {
  readonly #worker: Worker | undefined;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #asked = 0;

  constructor() {
    this.#worker = startWorker('rootKey');
    this.#worker?.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
      this.#waiting.get(data.number)?.(data.value);
      this.#waiting.delete(data.number);
    });
    this.#worker?.addEventListener('error', () => this.forget());
  }

  /** @param organisation Ed25519, 32 bytes: the only key whose file is accepted */
  async open(file: Blob, organisation: Uint8Array): Promise<Opened> {
    const opened = await this.#ask({ ask: 'open', file, organisation });
    return (opened as Opened | undefined) ?? 'cannot-load';
  }

  /**
   * Certificates, one for each order. The worker forgets the key with this.
   * @param now milliseconds since 1970
   * @returns undefined when the worker has ended or holds no key
   */
  async sign(orders: readonly SigningOrder[], now: number): Promise<Uint8Array[] | undefined> {
    return (await this.#ask({ ask: 'sign', orders, now })) as Uint8Array[] | undefined;
  }

  /** Ends the worker, and with it whatever it still holds. */
  forget(): void {
    this.#worker?.terminate();
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  #ask(question: Question): Promise<unknown> {
    if (!this.#worker) return Promise.resolve(undefined);
    this.#asked += 1;
    const number = this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      this.#worker?.postMessage({ ...question, number } satisfies RootKeyQuestion);
    });
  }
}

interface Answered {
  readonly number: number;
  readonly value?: unknown;
}
