import type { ClipFields } from '#shared/crypto/clip-info.ts';
import type { Rule } from '#shared/klippekort/rule.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from '#server/clock.ts';
import type { Clips, DecidingRole } from '#server/store/durable/clips.ts';
import type { HouseStore } from '#server/store/volatile/house.ts';
import type { Connection } from '#server/wire/connection.ts';
import type { EpochKeys } from './epoch-keys.ts';
import type { Evaluator } from './evaluation-pool.ts';
import type { Guesses } from './guesses.ts';

/** What a capability gives a right to. */
export interface InConversation {
  readonly conversation: ConversationId;
  readonly role: DecidingRole;
  readonly visitor: Visitor;
}

/** What the rest of the service tells the klippekort, and is told by it. */
export interface Surroundings {
  readonly clips: Clips;
  /** 32 bytes that outlive a restart. */
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly evaluator: Evaluator;
  readonly allowance: HouseStore['allowance'];
  readonly rule: Rule;
  /** The service's name in every clip: the same for ever, and the same in the client. */
  readonly service: string;
  /** Null for a token that is forged, too old, or not this connection's to use. */
  readonly readCapability: (
    token: string,
    from: Connection
  ) => Promise<InConversation | null> | InConversation | null;
  /** `took-place` once both sides have written; `did-not` when no more can come of it. */
  readonly tookPlace: (conversation: ConversationId) => Promise<'open' | 'took-place' | 'did-not'>;
  /** Nothing more can be said in it. */
  readonly isOver: (conversation: ConversationId) => Promise<boolean>;
  /** Hears what a waiting visitor has shown, for the desk. */
  readonly onHeld: (conversation: ConversationId, stage: Stage) => void;
  /** No answer comes sooner than after this many milliseconds, so that its time says nothing. */
  readonly floor: number;
}

export interface Office extends Surroundings {
  readonly keys: EpochKeys;
  readonly guesses: Guesses;
}

export const fieldsOf = (
  { service }: Pick<Surroundings, 'service'>,
  { holder, stage, epoch }: Omit<ClipFields, 'service'>
): ClipFields => ({ service, holder, stage, epoch });

/** Days since 1970: the finest time that is written down. */
export const dayOf = (now: number): number => Math.floor(now / 86_400_000);
