import type { Server } from 'socket.io';
import type { House } from '#shared/queue/calls.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from './clock.ts';
import type { CapabilityContent } from './conversation/capability.ts';
import { LeftAlone } from './queue/left-alone.ts';
import { mostConversations } from './queue/serve-queue.ts';
import { WaitingRoom } from './queue/waiting-room.ts';
import { createRoster } from './roster/roster.ts';
import { Shifts } from './shift/shifts.ts';
import type { HouseStore } from './store/volatile/house.ts';
import type { QueueStore } from './store/volatile/queue-store.ts';
import type { RelayStore } from './store/volatile/relay.ts';
import type { Connection } from './wire/connection.ts';

interface Parts {
  readonly io: Server;
  readonly relay: RelayStore;
  readonly queue: QueueStore;
  readonly house: HouseStore;
  readonly clock: Clock;
  readonly secret: Uint8Array;
  /** Hears how the house looks from the street. */
  readonly onTold: (house: House) => void;
  /** Hears of each conversation, and of no room of one, in which nothing more can be said. */
  readonly onOver: (conversation: ConversationId) => Promise<void>;
}

/** Milliseconds: who waits in the queue is not over. */
const lookedAtAgain = 60_000;

interface Sits {
  readonly talked: boolean;
  readonly otherHere: boolean;
}

interface Ended {
  readonly conversation: ConversationId;
  /** The turn that has begun, for others than held it before; null: it is over for everybody. */
  readonly turn: number | null;
}

/** The part of `app.ts` in which queue, shifts, conversations and their rooms meet, at this node and others. */
export function joinHouse({ io, relay, queue, house, clock, secret, onTold, onOver }: Parts) {
  const { once, neighbours, unsettled } = house;
  const shifts = new Shifts(clock, neighbours);
  const room = new WaitingRoom(io, queue, shifts, clock);
  const leftAlone = new LeftAlone({ relay, room, clock, neighbours });
  const isPassed = (content: CapabilityContent) => leftAlone.isPassed(content);
  const roster = createRoster({
    ...{ relay, shifts, isPassed, secret, clock, once, neighbours, mostConversations }
  });
  /** What is written down for good; a room of two has nothing. */
  const settle = async (conversation: ConversationId) => {
    if (!roster.pairs.isPair(conversation)) await onOver(conversation);
  };
  const ended = neighbours.post<Ended>('ended', ({ conversation, turn }) => {
    if (turn === null) {
      leftAlone.over(conversation);
      unsettled.over(conversation);
    } else leftAlone.passed(conversation, turn);
    roster.over(conversation);
  });

  room.onTold = onTold;
  room.onEntered = (conversation) => unsettled.add(conversation);
  shifts.onChanged = () => room.changed();
  leftAlone.onReturned = (conversation, turn) => {
    roster.over(conversation);
    ended.tell({ conversation, turn });
  };
  relay.onOver = (conversation) => {
    leftAlone.over(conversation);
    void room.over(conversation).catch(() => {});
    ended.tell({ conversation, turn: null });
    void settle(conversation)
      .then(() => unsettled.settled(conversation))
      .catch(() => {});
    roster.over(conversation);
  };
  // Nobody came back, or the node has died that had it: settling twice is settling once.
  unsettled.onDue = async (conversation) => {
    if (await room.find(conversation)) return lookedAtAgain;
    const tooSoonFor = await relay.closeIfLeft(conversation);
    if (tooSoonFor === 0) await settle(conversation);
    return tooSoonFor;
  };
  // Nobody came back to the place, unless a counsellor sits with them after all.
  queue.onForgotten = (conversation) =>
    void relay
      .isHere(conversation, 'counsellor')
      .then((isHere) => (isHere ? undefined : relay.close(conversation)))
      .catch(() => {});
  queue.onEmptied = () => void leftAlone.sayAgain().catch(() => {});

  /** A side has taken its place: nobody waits for it any more. @returns what to do when it has left it */
  const sit = (
    content: CapabilityContent,
    { account }: Connection,
    { talked, otherHere }: Sits
  ): ((silentFor: number) => void) => {
    const { conversation, role, of } = content;
    if (of) {
      roster.pairs.know(of, conversation);
      const isColleague = role === 'counsellor' && account && content.account === account.id;
      const onSat = (step: 1 | -1) => account && shifts.count(account, step);
      return isColleague ? leftAlone.colleagueCame(of, account.id, onSat) : () => {};
    }
    if (role === 'visitor') leftAlone.visitorCame(content, talked, otherHere);
    if (role === 'visitor' || !account) return () => {};
    const onGone = leftAlone.counsellorCame(content);
    // After a restart the visitor may be back in the queue before the counsellor is back here.
    void room.markTaken(conversation, content.turn).catch(() => {});
    shifts.count(account, 1);
    return (silentFor: number) => {
      onGone(silentFor);
      shifts.count(account, -1);
    };
  };

  return {
    shifts,
    room,
    leftAlone,
    roster,
    onAttached(content: CapabilityContent, from: Connection, sits: Sits) {
      const letGo = unsettled.hold(content.conversation);
      const onGone = sit(content, from, sits);
      return (silentFor: number) => {
        letGo();
        onGone(silentFor);
      };
    },
    stop(): void {
      room.stop();
      roster.stop();
      leftAlone.stop();
    }
  };
}
