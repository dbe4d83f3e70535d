import type { Received, Sealed } from '#shared/crypto/channel.ts';

/** What a page opens keys with; everything in it can be handed to a worker. */
export type KeysOptions =
  | {
      role: 'visitor';
      /** 16 bytes. */
      room: Uint8Array;
      /** Ed25519, 32 bytes. */
      organisationKey: Uint8Array;
      revokedSerials?: readonly string[] | undefined;
      resumeKey?: Uint8Array | undefined;
    }
  | {
      role: 'counsellor';
      room: Uint8Array;
      certificate: Uint8Array;
      /** Ed25519, non-extractable: the worker may use it and cannot read it. */
      privateKey: CryptoKey;
      resumeKey?: Uint8Array | undefined;
    };

/** What the worker is asked, and what each question is answered with. */
export type Answers = {
  open: 'opened' | 'cannot-load';
  start: Uint8Array[];
  receive: Received;
  seal: Sealed;
};

export type Question =
  | { ask: 'open'; options: KeysOptions }
  | { ask: 'start' }
  | { ask: 'receive'; frame: Uint8Array }
  | { ask: 'seal'; bytes: Uint8Array; final: boolean };

export type ToWorker = Question & { number: number };
export type FromWorker =
  | { kind: 'answered'; number: number; answer: Answers[keyof Answers] }
  /** Something is broken in the worker; a refusal is an answer. */
  | { kind: 'failed'; number: number; reason: string };
