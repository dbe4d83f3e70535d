import { randomBytes } from 'node:crypto';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { Clock } from '#server/clock.ts';
import {
  issueCapability,
  readCapability,
  type CapabilityContent
} from '#server/conversation/capability.ts';
import type { Shifts } from '#server/shift/shifts.ts';
import type { RelayStore } from '#server/store/volatile/relay.ts';
import type { Connection } from '#server/wire/connection.ts';
import type { Pairs } from './pairs.ts';

export interface RosterNeeds {
  readonly relay: RelayStore;
  readonly pairs: Pairs;
  readonly shifts: Shifts;
  /** Whether the conversation has gone back to the queue since this right was given. */
  readonly isPassed: (content: CapabilityContent) => Promise<boolean>;
  readonly secret: Uint8Array;
  readonly clock: Clock;
}

/** The conversation that a counsellor's right is about, be it to the conversation itself or to a pair of it. */
export async function conversationOf(
  token: string,
  from: Connection,
  { isPassed, secret, clock }: RosterNeeds
): Promise<{ conversation: ConversationId; visitor: Visitor } | null> {
  const content = readCapability(token, secret, clock.now() / 1000);
  if (content?.role !== 'counsellor' || content.account === null) return null;
  if (content.account !== from.account?.id || (await isPassed(content))) return null;
  return { conversation: content.of ?? content.conversation, visitor: content.visitor };
}

/** A new room of a conversation, with both rights to it. Accounts: who alone may use a side; null for a guest. */
export function makePair(
  about: { conversation: ConversationId; visitor: Visitor },
  accounts: { asking: string | null; answering: string | null },
  { pairs, secret, clock }: RosterNeeds
): { conversation: ConversationId; asking: string; answering: string } {
  const pair = randomBytes(16).toString('base64url');
  pairs.know(about.conversation, pair);
  const content = {
    conversation: pair,
    of: about.conversation,
    turn: 0,
    visitor: about.visitor,
    since: Math.floor(clock.now() / 1000)
  };
  return {
    conversation: pair,
    asking: issueCapability({ ...content, role: 'visitor', account: accounts.asking }, secret),
    answering: issueCapability(
      { ...content, role: 'counsellor', account: accounts.answering },
      secret
    )
  };
}
