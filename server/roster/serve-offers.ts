import {
  answerOffer,
  handOverOffered,
  mostPairs,
  offerAnswered,
  offerHandOver,
  withdrawOffer
} from '#shared/roster/calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { issueCapability } from '#server/conversation/capability.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import type { Offers } from './offers.ts';
import { conversationOf, makePair, type RosterNeeds } from './right.ts';

interface Needs extends RosterNeeds {
  readonly offers: Offers;
  /** What one counsellor can hold at once. */
  readonly mostConversations: number;
}

export const serveOffers = (needs: Needs): Served[] => [
  serveOffer(needs),
  serve(withdrawOffer, async ({ id }, { account }) => {
    const offer = needs.offers.find(id, 'from', account);
    if (!offer || !(await needs.offers.remove(offer))) return refuse('unknown-offer');
    return accept({});
  }),
  serveAnswer(needs)
];

const serveOffer = (needs: Needs) =>
  serve(offerHandOver, async ({ capability, to, purpose }, from) => {
    const { relay, pairs, shifts, offers, mostConversations } = needs;
    const about = await conversationOf(capability, from, needs);
    if (!about || !from.account) return refuse('unknown-capability');
    const { conversation, visitor } = about;
    if (await relay.isClosed(conversation)) return refuse('conversation-closed');
    if (pairs.countOf(conversation) >= mostPairs) return refuse('too-many-people');
    const colleague = shifts.colleague(to);
    const isThere = colleague && shifts.isOn(colleague.id);
    if (!isThere || colleague.id === from.account.id) return refuse('unknown-colleague');
    if (shifts.conversationsOf(colleague) >= mostConversations)
      return refuse('too-many-conversations');
    if (offers.isOffered(conversation)) return refuse('already-offered');
    const offer = offers.make({
      conversation,
      visitor,
      from: { id: from.account.id, shownName: from.account.shownName },
      to: { id: colleague.id, shownName: colleague.shownName },
      purpose
    });
    const { shownName } = from.account;
    shifts.tell(colleague, handOverOffered, { id: offer.id, from: shownName, visitor, purpose });
    return accept({ id: offer.id });
  });

const serveAnswer = (needs: Needs) =>
  serve(answerOffer, async ({ id, accept: isYes }, { account }) => {
    const { relay, pairs, shifts, offers, secret, clock, mostConversations } = needs;
    const offer = offers.find(id, 'to', account);
    if (!offer || !account) return refuse('unknown-offer');
    if (!isYes) {
      return (await offers.refuse(offer)) ? accept({ seat: null }) : refuse('unknown-offer');
    }
    const { conversation, visitor } = offer;
    if (await relay.isClosed(conversation)) return refuse('conversation-closed');
    if (pairs.countOf(conversation) >= mostPairs) return refuse('too-many-people');
    if (shifts.conversationsOf(account) >= mostConversations)
      return refuse('too-many-conversations');
    // Two desks of the same colleague may both have answered while this one waited.
    if (!(await offers.remove(offer))) return refuse('unknown-offer');
    const pair = makePair(offer, { asking: offer.from.id, answering: account.id }, needs);
    shifts.tell(offer.from, offerAnswered, {
      id,
      pair: { conversation: pair.conversation, capability: pair.asking }
    });
    const since = Math.floor(clock.now() / 1000);
    const turn = await relay.turnOf(conversation);
    const right = { role: 'counsellor', conversation, visitor, since, turn, of: null } as const;
    return accept({
      seat: {
        conversation,
        capability: issueCapability({ ...right, account: account.id }, secret),
        visitor,
        pair: { conversation: pair.conversation, capability: pair.answering }
      }
    });
  });
