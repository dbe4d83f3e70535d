import { chairMayBeEmpty, mayAskForAnother } from '#shared/queue/patience.ts';
import type { Returned } from '#shared/queue/calls.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from '#server/clock.ts';
import { lastTurn, type CapabilityContent } from '#server/conversation/capability.ts';
import type { Neighbours } from '#server/store/volatile/house.ts';
import type { Waiting } from '#server/store/volatile/queue-store.ts';
import type { RelayStore, Role } from '#server/store/volatile/relay.ts';
import { Chairs } from './chairs.ts';
import type { WaitingRoom } from './waiting-room.ts';

const lookEvery = 1_000;

/** One whom somebody has taken from the queue, as far as this node has seen. */
interface Taken extends Omit<Waiting, 'goneAt' | 'returned'> {
  /** The counsellor's account; null until they come, after a restart of the server. */
  account: string | null;
  /** The visitor's page says that both have written. */
  hasTalked: boolean;
  /** Has the counsellor's page been attached? Until then only the taking says that they hold it. */
  wasHere: boolean;
  /** Milliseconds since 1970 since when the chair is empty; null while the counsellor is here. */
  awayAt: number | null;
  /** Another node says that the counsellor is there. */
  isElsewhere: boolean;
}

interface Needs {
  readonly relay: RelayStore;
  readonly room: WaitingRoom;
  readonly clock: Clock;
  readonly neighbours: Neighbours;
}

/**
 * Nobody is left waiting unseen: who was taken and sits before an empty chair goes back to the old place.
 * Each node watches those it has seen, from the side of the counsellor or of the visitor, and is told by
 * the others which chairs are not empty; of those that decide together, the queue lets one begin the turn.
 */
export class LeftAlone {
  private readonly taken = new Map<ConversationId, Taken>();
  private readonly chairs: Chairs;
  private readonly needs: Needs;
  private readonly looking: NodeJS.Timeout;
  /** Hears of each conversation that went back: nobody else of it may go on. */
  onReturned: (conversation: ConversationId, turn: number) => void = () => {};

  constructor(needs: Needs) {
    this.needs = needs;
    this.chairs = new Chairs(needs.neighbours, () => this.othersChanged());
    this.looking = setInterval(() => void this.look().catch(() => {}), lookEvery).unref();
  }

  /** Whether this node has seen that somebody took it, in this turn of it or a later one. */
  isTaken(conversation: ConversationId, turn: number): boolean {
    return (this.taken.get(conversation)?.turn ?? -1) >= turn;
  }

  /** Those who hold somebody now. */
  accounts(): ReadonlySet<string> {
    return new Set([...this.taken.values()].flatMap((taken) => this.holderOf(taken) ?? []));
  }

  /** Whether the conversation has gone back to the queue since this right to it was given. */
  async isPassed({ conversation, turn }: CapabilityContent): Promise<boolean> {
    return turn < (await this.needs.relay.turnOf(conversation));
  }

  /** How many an account has taken and not yet sat down with. */
  awaitedBy(account: string): number {
    return [...this.taken.values()].filter((one) => one.account === account && !one.wasHere).length;
  }

  /** A counsellor takes somebody, and is expected at once. */
  take({ conversation, visitor, since, stage, turn }: Waiting, account: string): void {
    const place = { conversation, visitor, since, stage, turn };
    const awayAt = this.needs.clock.now();
    const isNew = { hasTalked: false, wasHere: false, isElsewhere: false };
    this.taken.set(conversation, { ...place, ...isNew, account, awayAt });
  }

  visitorCame(content: CapabilityContent, talked: boolean, counsellorHere: boolean): void {
    const taken = this.takenOf(content);
    taken.hasTalked ||= talked;
    if (counsellorHere && !this.chairs.hasNeighbours) taken.awayAt = null;
    this.othersChanged();
  }

  /** @returns what to do when this socket goes; `silentFor`: milliseconds it had not been heard before */
  counsellorCame(content: CapabilityContent): (silentFor: number) => void {
    const taken = this.takenOf(content);
    taken.account = content.account;
    taken.wasHere = true;
    taken.awayAt = null;
    const rise = this.chairs.sit(taken.conversation, content.account ?? '');
    return (silentFor) => {
      taken.awayAt = taken.isElsewhere ? null : this.needs.clock.now() - silentFor;
      rise();
    };
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
    const holder = this.taken.get(conversation)?.account ?? this.chairs.holderOf(conversation);
    if (holder === null || holder === account) return () => {};
    const rise = this.chairs.sitBeside(conversation, account, onSat);
    return () => {
      rise();
      const taken = this.taken.get(conversation);
      if (!taken || taken.awayAt === null || this.chairs.colleagueOf(conversation)?.isHere) return;
      taken.awayAt = this.needs.clock.now();
    };
  }

  /** Nothing more can be said in it. */
  over(conversation: ConversationId): void {
    this.taken.delete(conversation);
    this.chairs.over(conversation);
  }

  /** Another node has given it back, and this turn has begun. */
  passed(conversation: ConversationId, turn: number): void {
    if (!this.isTaken(conversation, turn)) this.taken.delete(conversation);
  }

  /** The store has forgotten who was taken. */
  async sayAgain(): Promise<void> {
    for (const { conversation, turn } of this.taken.values())
      await this.needs.room.markTaken(conversation, turn);
  }

  /** The visitor asks for another counsellor. */
  async standAgain({
    conversation
  }: CapabilityContent): Promise<'back' | 'counsellor-here' | 'too-soon'> {
    const taken = this.taken.get(conversation);
    if (!taken || taken.awayAt === null || this.isHandedOn(taken)) return 'counsellor-here';
    // Another node's counsellor may not be on its board yet.
    if (await this.needs.relay.isHere(conversation, 'counsellor')) return 'counsellor-here';
    if (this.needs.clock.now() - (taken.awayAt ?? Infinity) < mayAskForAnother) return 'too-soon';
    return (await this.giveBack(taken, 'asked', 'counsellor')) ? 'back' : 'counsellor-here';
  }

  /** This counsellor may not go on: everybody they hold stands in the queue again, as long as it lasted. */
  async withdraw(account: string): Promise<void> {
    const theirs = [...this.taken.values()].filter((taken) => this.holderOf(taken) === account);
    await Promise.all(theirs.map((taken) => this.giveBack(taken, 'counsellor-gone')));
  }

  stop(): void {
    clearInterval(this.looking);
  }

  private async look(): Promise<void> {
    const since = this.needs.clock.now() - chairMayBeEmpty;
    for (const taken of this.taken.values())
      if (taken.awayAt !== null && taken.awayAt <= since && !taken.hasTalked)
        if (!this.isHandedOn(taken)) await this.lookAt(taken);
  }

  private async lookAt(taken: Taken): Promise<void> {
    const outcome = await this.needs.relay.outcomeOf(taken.conversation);
    if (outcome === 'took-place') taken.hasTalked = true;
    else if (outcome === 'did-not') this.over(taken.conversation);
    else await this.giveBack(taken, 'counsellor-away', 'counsellor');
  }

  /** @returns false when it is over, or a counsellor of another socket is here after all */
  private async giveBack(taken: Taken, why: Returned, unlessHere?: Role): Promise<boolean> {
    const { relay, room, clock } = this.needs;
    const { conversation, visitor, since, stage } = taken;
    // Once more where the rooms are: another node's counsellor may not be on its board yet.
    if (unlessHere && (await relay.isHere(conversation, unlessHere))) {
      if (!this.chairs.hasNeighbours) taken.awayAt = null;
      return false;
    }
    const turn = taken.turn + 1;
    if (turn > lastTurn || this.taken.get(conversation) !== taken) return false;
    this.taken.delete(conversation);
    // The place is there before the page is told to come back to it; marked away, nobody is sent to it.
    const place = { conversation, visitor, since, stage, turn, goneAt: clock.now() };
    const isOurs = await room.putBack({ ...place, returned: why }).catch((error: unknown) => {
      this.keep(taken);
      throw error;
    });
    const begun = await relay.restart(conversation, turn, why, unlessHere).catch(() => 'not-known');
    if (begun === true) this.onReturned(conversation, turn);
    if (begun === true) return true;
    // A store that did not answer is asked again with the next look.
    if (begun === 'not-known') this.keep(taken);
    else if (await relay.isClosed(conversation)) {
      this.over(conversation);
      await room.over(conversation);
      return false;
    }
    // Otherwise another node was faster, and the turn has begun.
    else if ((await relay.turnOf(conversation)) < turn)
      this.keep(this.chairs.hasNeighbours ? taken : { ...taken, awayAt: null });
    else return false;
    if (isOurs) await room.markTaken(conversation, taken.turn, turn);
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
      isElsewhere: false
    };
    this.taken.set(conversation, begun);
    return begun;
  }

  /** Which chairs are not empty, as the other nodes say now. */
  private othersChanged(): void {
    for (const taken of this.taken.values()) {
      const { conversation, isElsewhere } = taken;
      const there = this.chairs.elsewhere(conversation);
      taken.isElsewhere = there !== null;
      if (there !== null) {
        taken.account ??= there;
        taken.wasHere = true;
        taken.awayAt = null;
      } else if (isElsewhere && !this.chairs.isHere(conversation)) {
        taken.awayAt ??= this.needs.clock.now();
      }
    }
  }

  /** The counsellor has left, and a colleague is here. */
  private isHandedOn({ conversation, awayAt }: Taken): boolean {
    return awayAt !== null && (this.chairs.colleagueOf(conversation)?.isHere ?? false);
  }

  /** Who goes on with it: the counsellor, or once they have left the colleague who was asked in. */
  private holderOf({ conversation, account, awayAt }: Taken): string | null {
    const colleague = awayAt === null ? null : this.chairs.colleagueOf(conversation);
    return colleague?.account ?? account;
  }
}
