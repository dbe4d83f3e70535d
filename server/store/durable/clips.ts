import type { Decision } from '#shared/klippekort/rule.ts';
import type { Outcome } from '#shared/klippekort/stage.ts';

/** A spent clip's record. It names no conversation, no time and nothing that was issued. */
export interface SpentClip {
  /** H(info ‖ nonce), 32 bytes. */
  readonly id: Uint8Array;
  /** H(blindedNext ‖ blindedRefund), 32 bytes: what the device committed to. */
  readonly elements: Uint8Array;
  /** The last epoch in which the clip could be shown; after it the record has no use. */
  readonly expires: number;
}

export interface FoundClip {
  readonly elements: Uint8Array;
  readonly state: 'open' | Outcome;
  /** The keyed hash of the conversation it is held for; null as soon as the outcome is set. */
  readonly conversation: Uint8Array | null;
}

/** The conversation a clip is held for, until its outcome is known. */
export interface ClipLink {
  /** A keyed hash, 32 bytes: the conversation's own name is never written down. */
  readonly conversation: Uint8Array;
  /** A pending clip: what settles it is a decision. */
  readonly decides: boolean;
  /** Days since 1970. */
  readonly day: number;
}

export type DecidingRole = 'visitor' | 'counsellor';

/**
 * What the klippekort writes down. Every method is one atomic step. A conversation is always its keyed
 * hash, 32 bytes, and no time is finer than a day.
 */
export interface Clips {
  /** The secret key of an epoch, 32 bytes: the one that is there, else `made`, else null. */
  key(epoch: number, made?: Uint8Array): Promise<Uint8Array | null>;
  keys(): Promise<readonly { readonly epoch: number; readonly secretKey: Uint8Array }[]>;

  /**
   * Takes a clip for a conversation; the same again is the same answer.
   * `spent`: the clip is known otherwise. `already`: the conversation has had a clip or given a card.
   */
  hold(clip: SpentClip, link: ClipLink): Promise<'held' | 'spent' | 'already'>;
  find(id: Uint8Array): Promise<FoundClip | null>;
  /**
   * Sets the outcome if none is set, and cuts the link. A decision counts once: what another clip got
   * leaves this one open. @returns the state afterwards
   */
  settle(id: Uint8Array, outcome: Outcome): Promise<FoundClip['state'] | null>;
  /** The clip held for a conversation, if one still is. */
  heldFor(conversation: Uint8Array): Promise<{ id: Uint8Array; decides: boolean } | null>;
  /** Takes a clip that no conversation had, as one that did not take place. @returns its state, or `spent` when it is known otherwise. */
  giveBack(clip: SpentClip): Promise<FoundClip['state'] | 'spent'>;

  /** What was issued in a conversation: the hash of its elements; `none` if it can give no card. */
  issuedIn(conversation: Uint8Array): Promise<Uint8Array | 'none' | null>;
  /** A card for a conversation; the same elements again are the same card. */
  issue(conversation: Uint8Array, elements: Uint8Array, day: number): Promise<'issued' | 'already'>;

  /** What one of the two says was decided. @returns whether both agree; `already` when they had agreed on something else. */
  say(
    conversation: Uint8Array,
    role: DecidingRole,
    decision: Decision,
    day: number
  ): Promise<boolean | 'already'>;
  /** The decision both agree on and no clip was given for yet. */
  decisionIn(conversation: Uint8Array): Promise<Decision | null>;
  /** Spends a pending clip for the decision of a conversation. The same again is the same decision. */
  decide(
    clip: SpentClip,
    conversation: Uint8Array
  ): Promise<Decision | 'spent' | 'no-decision' | 'already'>;

  /** The names of all spent clips, in the order of the names. */
  spent(): Promise<readonly Uint8Array[]>;
  /**
   * Drops what no clip can need any more: links and conversations before `day`; keys before `epoch`, and
   * records of clips that expired by it.
   */
  forget(oldest: { readonly day: number; readonly epoch: number }): Promise<void>;
}
