import { mostPairs, openPair } from '#shared/roster/calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import { conversationOf, makePair, type RosterNeeds } from './right.ts';

export const serveOpenPair = (needs: RosterNeeds) =>
  serve(openPair, async ({ capability, answering }, from) => {
    const about = await conversationOf(capability, from, needs);
    if (!about || !from.account) return refuse('unknown-capability');
    if (await needs.relay.isClosed(about.conversation)) return refuse('conversation-closed');
    if (needs.pairs.countOf(about.conversation) >= mostPairs) return refuse('too-many-people');
    const colleague =
      answering === 'me' || answering === 'guest' ? null : needs.shifts.colleague(answering);
    if (answering !== 'me' && answering !== 'guest' && !colleague)
      return refuse('unknown-colleague');
    const account = answering === 'me' ? from.account : colleague;
    return accept(makePair(about, { asking: null, answering: account?.id ?? null }, needs));
  });
