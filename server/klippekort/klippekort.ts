import type { EpochKey } from '#shared/crypto/clip-manifest.ts';
import { epochOf } from '#shared/crypto/clip-epoch.ts';
import { writeSpentList } from '#shared/klippekort/spent-list.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Served } from '#server/wire/serve.ts';
import type { SpentClip } from '#server/store/durable/clips.ts';
import { serveAskDecisionClip } from './ask-decision-clip.ts';
import { checkForBooking, type ClipForBookingRefusal } from './check-for-booking.ts';
import { conversationName } from './conversation-name.ts';
import { EpochKeys } from './epoch-keys.ts';
import { serveGiveBackClip } from './give-back-clip.ts';
import { Guesses } from './guesses.ts';
import { serveHoldClip } from './hold-clip.ts';
import { serveIssueCard } from './issue-card.ts';
import { dayOf, type Surroundings } from './office.ts';
import { outcomeOf } from './outcome.ts';
import { serveRecordDecision } from './record-decision.ts';
import { serveSettleClip } from './settle-clip.ts';
import type { Showing } from './shown-clip.ts';

export interface Klippekort {
  /** For the door. */
  readonly served: readonly Served[];
  /** To be called when nothing more can be said in a conversation: sets the outcome, and cuts the link. */
  conversationOver(conversation: ConversationId): Promise<void>;
  /** The keys for the organisation to sign; the client is built with what it signed. */
  publicKeys(): Promise<readonly EpochKey[]>;
  /** The published list, the same for everybody all day: a list of the minute would say who just came. */
  spentList(): Promise<Uint8Array>;
  /** Forgets what is too old; once a day, and at start. */
  tidy(): Promise<void>;
  /** Whether a clip may be held for a conversation that is to come; nothing is spent. */
  checkForBooking(
    showing: Showing,
    conversation: ConversationId
  ): Promise<SpentClip | ClipForBookingRefusal>;
  close(): Promise<void>;
}

/** The klippekort's side of the service. */
export function createKlippekort(surroundings: Surroundings): Klippekort {
  const { clips, secret, clock, evaluator, floor } = surroundings;
  const keys = new EpochKeys(clips, clock);
  const office = { ...surroundings, keys, guesses: new Guesses(surroundings.allowance) };
  let list: { day: number; bytes: Promise<Uint8Array> } | null = null;

  return {
    served: [
      serveIssueCard(office),
      serveHoldClip(office),
      serveSettleClip(office),
      serveGiveBackClip(office),
      serveRecordDecision(office),
      serveAskDecisionClip(office)
    ].map((one) => notSooner(one, floor)),

    async conversationOver(conversation) {
      const held = await clips.heldFor(conversationName(secret, conversation));
      if (!held) return;
      const outcome = await outcomeOf(office, conversation, held.decides);
      await clips.settle(held.id, outcome === 'open' ? 'did-not' : outcome);
    },

    publicKeys: () => keys.publicKeys(),

    spentList() {
      const day = dayOf(clock.now());
      if (list?.day !== day) {
        list = { day, bytes: clips.spent().then(writeSpentList) };
        list.bytes.catch(() => (list = null));
      }
      return list.bytes;
    },

    async tidy() {
      const now = clock.now();
      // The right to a conversation lasts twelve hours, so the day before yesterday needs nothing.
      await clips.forget({ day: dayOf(now) - 1, epoch: epochOf(now) - 1 });
    },

    checkForBooking: (showing, conversation) => checkForBooking(office, showing, conversation),

    close: () => evaluator.close()
  };
}

/** Answers at a fixed time, unless it took longer: how far a request came is not told by the clock. */
const notSooner = (served: Served, floor: number): Served => ({
  call: served.call,
  answer: async (request, from) => {
    const until = new Promise((resolve) => setTimeout(resolve, floor));
    try {
      return await served.answer(request, from);
    } finally {
      await until;
    }
  }
});
