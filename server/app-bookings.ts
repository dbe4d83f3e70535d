import type { ConversationId } from '#shared/wire/ids.ts';
import { bookingRoutes } from './booking/booking-routes.ts';
import { createBooking } from './booking/booking.ts';
import type { Clock } from './clock.ts';
import { issueCapability } from './conversation/capability.ts';
import { conversationName } from './klippekort/conversation-name.ts';
import type { Klippekort } from './klippekort/klippekort.ts';
import { createPlan } from './plan/create-plan.ts';
import { ProofOfWork } from './queue/proof-of-work.ts';
import type { WaitingRoom } from './queue/waiting-room.ts';
import type { Settings } from './settings.ts';
import type { Durable } from './store/durable/durable.ts';
import type { HouseStore } from './store/volatile/house.ts';
import type { RelayStore } from './store/volatile/relay.ts';
import type { Served } from './wire/serve.ts';

const oneHour = 3_600_000;

interface Parts {
  readonly settings: Settings;
  readonly durable: Durable;
  readonly relay: RelayStore;
  readonly clock: Clock;
  readonly secret: Uint8Array;
  readonly house: HouseStore;
  readonly klippekort: () => Klippekort;
  readonly room: () => WaitingRoom;
}

export interface JoinedBookings {
  readonly served: readonly Served[];
  readonly routes: ReturnType<typeof bookingRoutes>;
  readonly work: ProofOfWork;
  /** What came of a conversation, of a meeting without a screen too. */
  outcomeOf(conversation: ConversationId): ReturnType<RelayStore['outcomeOf']>;
  /** To be called when nothing more can be said in a conversation: its booking is over, and its clip settled. */
  conversationOver(conversation: ConversationId): Promise<void>;
  stop(): void;
}

/** The part of `app.ts` in which bookings and the plan meet the queue, the card and the conversation. */
export function joinBookings(parts: Parts): JoinedBookings {
  const { settings, durable, relay, clock, secret, klippekort, room } = parts;
  const work = new ProofOfWork(secret, clock, parts.house.once, parts.house.starts);
  const booking = createBooking({
    bookings: durable.bookings,
    plan: durable.plan,
    messages: durable.messages,
    secret,
    clock,
    zone: settings.zone,
    cancelHours: settings.cancelHours,
    missed: settings.missed,
    allowance: parts.house.allowance,
    checkProof: (proof) => work.check(proof),
    checkClip: (shown, conversation) => klippekort().checkForBooking(shown, conversation),
    nameOf: (conversation) => conversationName(secret, conversation),
    issueCapability: (conversation, visitor, turn) => {
      const since = clock.now() / 1000;
      const content = { role: 'visitor', conversation, since, visitor } as const;
      return issueCapability({ ...content, turn, account: null, of: null }, secret);
    },
    enterAhead: async ({ account, start, ...arrived }, from) => {
      const known = await room().find(arrived.conversation);
      const turn = known?.turn ?? (await relay.turnOf(arrived.conversation));
      if (!known && (await relay.isHere(arrived.conversation, 'counsellor')))
        return { turn, place: null };
      const since = known?.since ?? clock.now() / 1000;
      const waiting = { ...arrived, since, turn, goneAt: null, returned: known?.returned ?? null };
      const checkedIn = Math.floor(clock.now() / 1000);
      const booked = { with: account, at: start, checkedIn };
      return { turn, place: await room().enter({ ...waiting, booked }, from) };
    },
    isClosed: (conversation) => relay.isClosed(conversation),
    close: (conversation) => relay.close(conversation)
  });
  const { zone } = settings;
  const { relocation } = booking;
  const plan = createPlan({ plan: durable.plan, clock, zone, relocation });

  const tidy = async () => {
    await plan.extend();
    await booking.tidy();
  };
  void tidy().catch(() => {});
  const tidying = setInterval(() => void tidy().catch(() => {}), oneHour).unref();

  return {
    served: [...booking.served, ...plan.served],
    routes: bookingRoutes(booking),
    work,
    outcomeOf: async (conversation) =>
      (await booking.tookPlace(conversation)) ? 'took-place' : relay.outcomeOf(conversation),
    conversationOver: async (conversation) => {
      const tookPlace = (await relay.outcomeOf(conversation)) === 'took-place';
      await booking.conversationOver(conversation, tookPlace);
      await klippekort().conversationOver(conversation);
    },
    stop: () => clearInterval(tidying)
  };
}
