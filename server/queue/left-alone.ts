import { chairMayBeEmpty, mayAskForAnother } from '#shared/queue/patience.ts';
import type { Returned } from '#shared/queue/calls.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from '#server/clock.ts';
import { lastTurn, type CapabilityContent } from '#server/conversation/capability.ts';
import type { Waiting } from '#server/store/volatile/queue-store.ts';
import type { RelayStore, Role } from '#server/store/volatile/relay.ts';
import type { WaitingRoom } from './waiting-room.ts';

const lookEvery = 1_000;

/** One whom somebody has taken from the queue. */
interface Taken extends Omit<Waiting, 'goneAt' | 'returned'> {
  /** The counsellor's account; null until they come, after a restart of the server. */
  account: string | null;
  /** The visitor's page says that both have written. */
  hasTalked: boolean;
  /** Has the counsellor's page been attached? Until then only the taking says that they hold it. */
  wasHere: boolean;
  /** Milliseconds since 1970 since when the chair is empty; null while the counsellor is here. */
  awayAt: number | null;
  /** Who was asked in by the counsellor, and with how many sockets they are here now. */
  colleague: { readonly account: string; readonly sockets: number } | null;
}

interface Needs {
  readonly relay: RelayStore;
  readonly room: WaitingRoom;
  readonly clock: Clock;
}

/** Nobody is left waiting unseen: who was taken and sits before an empty chair goes back to the old place. */
export class LeftAlone {
  private readonly taken = new Map<ConversationId, Taken>();
  /** Turns that are over, so that who held an earlier one has no right left. */
  private readonly turns = new Map<ConversationId, number>();
  private readonly needs: Needs;
  private readonly looking: NodeJS.Timeout;
  /** Hears of each conversation that went back: nobody else of it may go on. */
  onReturned: (conversation: ConversationId) => void = () => {};

  constructor(needs: Needs) {
    this.needs = needs;
    this.looking = setInterval(() => void this.look().catch(() => {}), lookEvery).unref();
  }

  isTaken(conversation: ConversationId): boolean {
    return this.taken.has(conversation);
  }

  /** Those who hold somebody now. */
  accounts(): ReadonlySet<string> {
    return new Set([...this.taken.values()].flatMap((taken) => holderOf(taken) ?? []));
  }

  /** Whether the conversation has gone back to the queue since this right to it was given. */
  isPassed({ conversation, turn }: CapabilityContent): boolean {
    return turn < (this.turns.get(conversation) ?? 0);
  }

  /** How many an account has taken and not yet sat down with. */
  awaitedBy(account: string): number {
    return [...this.taken.values()].filter((one) => one.account === account && !one.wasHere).length;
  }

  /** A counsellor takes somebody, and is expected at once. */
  take({ conversation, visitor, since, stage, turn }: Waiting, account: string): void {
    const place = { conversation, visitor, since, stage, turn };
    const awayAt = this.needs.clock.now();
    const isNew = { hasTalked: false, wasHere: false, colleague: null };
    this.taken.set(conversation, { ...place, ...isNew, account, awayAt });
  }

  visitorCame(content: CapabilityContent, talked: boolean, counsellorHere: boolean): void {
    const taken = this.takenOf(content);
    taken.hasTalked ||= talked;
    if (counsellorHere) taken.awayAt = null;
  }

  /** @returns what to do when this socket goes; `silentFor`: milliseconds it had not been heard before */
  counsellorCame(content: CapabilityContent): (silentFor: number) => void {
    const taken = this.takenOf(content);
    taken.account = content.account;
    taken.wasHere = true;
    taken.awayAt = null;
    return (silentFor) => void (taken.awayAt = this.needs.clock.now() - silentFor);
  }

  /**
   * A colleague has come into a room of it; who took it may leave it to them.
   * @param onSat hears that they hold it from now on (1), or do not any more (-1)
   * @returns what to do when this socket goes
   */
  colleagueCame(
    conversation: ConversationId,
    account: string,
    onSat: (step: 1 | -1) => void
  ): () => void {
    const taken = this.taken.get(conversation);
    if (!taken || taken.account === account) return () => {};
    const here = (step: 1 | -1) => {
      const sockets = (taken.colleague?.account === account ? taken.colleague.sockets : 0) + step;
      taken.colleague = { account, sockets };
      if (sockets === (step === 1 ? 1 : 0)) onSat(step);
      if (sockets === 0 && taken.awayAt !== null) taken.awayAt = this.needs.clock.now();
    };
    here(1);
    return () => here(-1);
  }

  /** Nothing more can be said in it. */
  over(conversation: ConversationId): void {
    this.taken.delete(conversation);
    this.turns.delete(conversation);
  }

  /** The visitor asks for another counsellor. */
  async standAgain({
    conversation
  }: CapabilityContent): Promise<'back' | 'counsellor-here' | 'too-soon'> {
    const taken = this.taken.get(conversation);
    if (!taken || taken.awayAt === null || isHandedOn(taken)) return 'counsellor-here';
    if (this.needs.clock.now() - taken.awayAt < mayAskForAnother) return 'too-soon';
    return (await this.giveBack(taken, 'asked', 'counsellor')) ? 'back' : 'counsellor-here';
  }

  /** This counsellor may not go on: everybody they hold stands in the queue again, as long as it lasted. */
  async withdraw(account: string): Promise<void> {
    const theirs = [...this.taken.values()].filter((taken) => holderOf(taken) === account);
    await Promise.all(theirs.map((taken) => this.giveBack(taken, 'counsellor-gone')));
  }

  stop(): void {
    clearInterval(this.looking);
  }

  private async look(): Promise<void> {
    const since = this.needs.clock.now() - chairMayBeEmpty;
    for (const taken of this.taken.values())
      if (taken.awayAt !== null && taken.awayAt <= since && !taken.hasTalked && !isHandedOn(taken))
        await this.lookAt(taken);
  }

  private async lookAt(taken: Taken): Promise<void> {
    const outcome = await this.needs.relay.outcomeOf(taken.conversation);
    if (outcome === 'took-place') taken.hasTalked = true;
    else await this.giveBack(taken, 'counsellor-away', 'counsellor');
  }

  /** @returns false when it is over, or a counsellor of another socket is here after all */
  private async giveBack(taken: Taken, why: Returned, unlessHere?: Role): Promise<boolean> {
    const { relay, room, clock } = this.needs;
    const { conversation, visitor, since, stage } = taken;
    const turn = taken.turn + 1;
    if (turn > lastTurn || this.taken.get(conversation) !== taken) return false;
    this.taken.delete(conversation);
    // The place is there before the page is told to come back to it; marked away, nobody is sent to it.
    const place = { conversation, visitor, since, stage, turn, goneAt: clock.now() };
    await room.putBack({ ...place, returned: why });
    this.turns.set(conversation, turn);
    const begun = await relay.restart(conversation, turn, why, unlessHere).catch(() => 'not-known');
    if (begun === true) this.onReturned(conversation);
    if (begun === true) return true;
    await room.leave(conversation);
    this.turns.set(conversation, taken.turn);
    // A store that did not answer is asked again with the next look.
    if (begun === false && (await relay.isClosed(conversation))) this.over(conversation);
    else this.keep(begun === false ? { ...taken, awayAt: null } : taken);
    return false;
  }

  private keep(taken: Taken): void {
    const { conversation, stage, hasTalked } = taken;
    // The counsellor may have come back while the conversation was on its way to the queue.
    const newer = this.taken.get(conversation);
    if (newer) Object.assign(newer, { stage, hasTalked });
    else this.taken.set(conversation, taken);
  }

  /** After a restart of the server the sides say themselves what was taken. */
  private takenOf({ conversation, visitor, since, turn, account }: CapabilityContent): Taken {
    const known = this.taken.get(conversation);
    if (known && known.turn === turn) return known;
    const begun = {
      conversation,
      visitor,
      since,
      stage: null,
      turn,
      account,
      hasTalked: false,
      wasHere: false,
      awayAt: this.needs.clock.now(),
      colleague: null
    };
    this.taken.set(conversation, begun);
    return begun;
  }
}

/** The counsellor has left, and a colleague is here. */
const isHandedOn = ({ awayAt, colleague }: Taken): boolean =>
  awayAt !== null && (colleague?.sockets ?? 0) > 0;

/** Who goes on with it: the counsellor, or once they have left the colleague who was asked in. */
const holderOf = ({ account, awayAt, colleague }: Taken): string | null =>
  awayAt !== null && colleague ? colleague.account : account;
