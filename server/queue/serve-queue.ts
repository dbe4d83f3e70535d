import { randomBytes } from 'node:crypto';
import {
  joinQueue,
  leaveQueue,
  lookIn,
  requestChallenge,
  returnToQueue,
  standAgain,
  takeNext,
  visitorTaken
} from '#shared/queue/calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { Clock } from '#server/clock.ts';
import { issueCapability, lastTurn, readCapability } from '#server/conversation/capability.ts';
import type { Shifts } from '#server/shift/shifts.ts';
import type { RelayStore } from '#server/store/volatile/relay.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import type { LeftAlone } from './left-alone.ts';
import type { ProofOfWork } from './proof-of-work.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** More than this many waiting is no queue any more; the other lines are the honest answer. */
const mostWaiting = 10_000;
/** What one counsellor can hold at once. */
export const mostConversations = 4;

interface Needs {
  readonly room: WaitingRoom;
  readonly leftAlone: LeftAlone;
  readonly relay: RelayStore;
  readonly shifts: Shifts;
  readonly work: ProofOfWork;
  readonly secret: Uint8Array;
  readonly clock: Clock;
}

export const serveQueue = (needs: Needs): Served[] => [
  serve(lookIn, async (_, from) => {
    await from.socket.join('street');
    return accept(await needs.room.house());
  }),
  serve(requestChallenge, async () => accept({ challenge: await needs.work.challenge() })),
  serveJoin(needs),
  serveReturn(needs),
  serveStandAgain(needs),
  serve(leaveQueue, async (_, from) => {
    const conversation = from.waitingFor;
    if (!conversation) return refuse('not-waiting');
    await needs.room.leave(conversation);
    // It never began, and never will: a clip that was shown for it can go back.
    await needs.relay.close(conversation);
    return accept({});
  }),
  serveTakeNext(needs)
];

const serveJoin = ({ room, work, secret, clock }: Needs) =>
  serve(joinQueue, async ({ visitor, proof }, from) => {
    if (from.waitingFor || from.line) return refuse('already-waiting');
    const checked = await work.check(proof);
    if (checked !== 'good') return refuse(`proof-${checked}`);
    // Two joins of one socket may both wait for their proofs.
    if (from.waitingFor) return refuse('already-waiting');
    if ((await room.house()).waiting >= mostWaiting) return refuse('queue-full');
    const conversation = randomBytes(16).toString('base64url');
    const since = clock.now() / 1000;
    const begun = { conversation, visitor, since, stage: null, turn: 0, returned: null };
    const place = await room.enter({ ...begun, goneAt: null }, from);
    if (!place) return refuse('already-waiting');
    const content = {
      role: 'visitor',
      conversation,
      since,
      visitor,
      turn: 0,
      account: null,
      of: null
    } as const;
    return accept({ conversation, capability: issueCapability(content, secret), ...place });
  });

const serveReturn = ({ room, relay, leftAlone, secret, clock }: Needs) =>
  serve(returnToQueue, async ({ capability }, from) => {
    const content = readCapability(capability, secret, clock.now() / 1000);
    if (content?.role !== 'visitor' || content.of) return refuse('unknown-capability');
    const { conversation, visitor, since } = content;
    if (await relay.isClosed(conversation)) return refuse('conversation-closed');
    const turn = Math.max(content.turn, await relay.turnOf(conversation));
    const capabilityOf = (now: number) => issueCapability({ ...content, turn: now }, secret);
    const isTaken = leftAlone.isTaken(conversation, turn) || (await room.isTaken(conversation));
    if (isTaken || (await relay.isHere(conversation, 'counsellor')))
      return accept({ state: 'taken', capability: capabilityOf(turn) });

    const known = await room.find(conversation);
    if (known?.booked && since < known.booked.checkedIn) return refuse('waits-elsewhere');
    // The server was started again and does not know whether somebody had taken them: nobody may come late.
    const now = known?.turn ?? Math.min(turn + 1, lastTurn);
    if (!known) await relay.restart(conversation, now, 'counsellor-away');
    const { stage, returned } = known ?? { stage: null, returned: null };
    const waiting = { conversation, visitor, since, stage, returned, turn: now, goneAt: null };
    const place = await room.enter(waiting, from);
    if (!place) return accept({ state: 'taken', capability: capabilityOf(now) });
    return accept({ state: 'waiting', capability: capabilityOf(now), returned, ...place });
  });

const serveStandAgain = ({ relay, leftAlone, secret, clock }: Needs) =>
  serve(standAgain, async ({ capability }) => {
    const content = readCapability(capability, secret, clock.now() / 1000);
    if (content?.role !== 'visitor' || content.of) return refuse('unknown-capability');
    if (await relay.isClosed(content.conversation)) return refuse('conversation-closed');
    const stands = await leftAlone.standAgain(content);
    return stands === 'back' ? accept({}) : refuse(stands);
  });

const serveTakeNext = ({ room, leftAlone, shifts, secret, clock }: Needs) =>
  serve(takeNext, async (_, { account }) => {
    if (!account || shifts.stateOf(account) !== 'on') return refuse('not-on-shift');
    const held = () => shifts.conversationsOf(account) + leftAlone.awaitedBy(account.id);
    if (held() >= mostConversations) return refuse('too-many-conversations');
    const taken = await room.takeNext(account.id);
    if (!taken) return refuse('queue-empty');
    const { conversation, visitor, stage, turn } = taken.waiting;
    leftAlone.take(taken.waiting, account.id);
    const capability = issueCapability(
      {
        role: 'counsellor',
        conversation,
        since: clock.now() / 1000,
        visitor,
        turn,
        account: account.id,
        of: null
      },
      secret
    );
    taken.connection?.tell(visitorTaken, {});
    return accept({ conversation, capability, visitor, stage });
  });
