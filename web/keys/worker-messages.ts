import type {
  CounsellorOptions,
  GuestAnsweringOptions,
  GuestAskingOptions,
  VisitorOptions
} from '#shared/crypto/channel-options.ts';
import type { Received, Sealed } from '#shared/crypto/channel.ts';
import type { RosterBody } from '#shared/crypto/roster-body.ts';
import type { OpenedRoster, RosterTrust } from '#shared/crypto/roster.ts';

/** What a page opens keys with; everything in it can be handed to a worker. */
export type KeysOptions =
  | Omit<VisitorOptions, 'now'>
  | (Omit<CounsellorOptions, 'sign'> & {
      /** Ed25519, non-extractable: the worker may use it and cannot read it. */
      privateKey: CryptoKey;
    })
  | Omit<GuestAskingOptions, 'now'>
  | GuestAnsweringOptions;

/** A roster to sign with the counsellor's own key and certificate. */
export type RosterOrder = Omit<RosterBody, 'certificate'>;
/** What a roster is judged by, now. */
export type RosterQuestion = Omit<RosterTrust, 'now'>;

type Dead = { kind: 'refused'; refusal: 'channel-dead' };

/** What the worker is asked, and what each question is answered with. */
export type Answers = {
  open: 'opened' | 'cannot-load';
  start: Uint8Array[];
  receive: Received;
  seal: Sealed;
  'sign-roster': { kind: 'signed'; bytes: Uint8Array } | Dead;
  'open-roster': OpenedRoster | Dead;
};

export type Question =
  | { ask: 'open'; options: KeysOptions }
  | { ask: 'start' }
  | { ask: 'receive'; frame: Uint8Array }
  | { ask: 'seal'; bytes: Uint8Array; final: boolean }
  | { ask: 'sign-roster'; order: RosterOrder }
  | { ask: 'open-roster'; bytes: Uint8Array; trust: RosterQuestion };

export type ToWorker = Question & { number: number };
export type FromWorker =
  | { kind: 'answered'; number: number; answer: Answers[keyof Answers] }
  /** Something is broken in the worker; a refusal is an answer. */
  | { kind: 'failed'; number: number; reason: string };
