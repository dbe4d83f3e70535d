import type { ConversationId } from '#shared/wire/ids.ts';
import type { Served } from '#server/wire/serve.ts';
import type { Neighbours, Once } from '#server/store/volatile/house.ts';
import { Offers } from './offers.ts';
import { serveOpenPair } from './open-pair.ts';
import { Pairs } from './pairs.ts';
import type { RosterNeeds } from './right.ts';
import { serveOffers } from './serve-offers.ts';

interface Needs extends Omit<RosterNeeds, 'pairs'> {
  /** What one counsellor can hold at once. */
  readonly mostConversations: number;
  readonly once: Once;
  readonly neighbours: Neighbours;
}

/** The server's part in conversations of more than two: rooms for two of them, and asking a colleague. */
export function createRoster(needs: Needs) {
  const pairs = new Pairs((pair) => needs.relay.close(pair));
  const offers = new Offers(needs);
  const inRoster = { ...needs, pairs, offers };
  const served: readonly Served[] = [serveOpenPair(inRoster), ...serveOffers(inRoster)];
  return {
    pairs,
    /** For the door. */
    served,
    /** Nothing more can be said in it, nor in what belongs to it. */
    over(conversation: ConversationId): void {
      void pairs.over(conversation).catch(() => {});
      offers.over(conversation);
    },
    stop: () => offers.stop()
  };
}
