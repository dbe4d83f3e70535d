import type { Outcome } from '#shared/klippekort/stage.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import { conversationName } from './conversation-name.ts';
import type { Office } from './office.ts';

type Asked = Pick<Office, 'clips' | 'secret' | 'tookPlace' | 'isOver'>;

/**
 * What a conversation came to for the clip held for it. A clip that decides waits for the decision as long
 * as there can be one; every other waits until both have written.
 */
export async function outcomeOf(
  { clips, secret, tookPlace, isOver }: Asked,
  conversation: ConversationId,
  decides: boolean
): Promise<Outcome | 'open'> {
  if (!decides) return tookPlace(conversation);
  const decision = await clips.decisionIn(conversationName(secret, conversation));
  if (decision) return decision;
  return (await isOver(conversation)) ? 'did-not' : 'open';
}
