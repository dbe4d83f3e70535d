import type { Server } from 'socket.io';
import {
  houseChanged,
  placeChanged,
  queueChanged,
  visitorTaken,
  waitsElsewhere,
  type House,
  type Place,
  type QueueItem
} from '#shared/queue/calls.ts';
import { estimateWait } from '#shared/queue/estimate.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from '#server/clock.ts';
import type { Shifts } from '#server/shift/shifts.ts';
import type { QueueStore, Waiting } from '#server/store/volatile/queue-store.ts';
import type { Connection } from '#server/wire/connection.ts';

/** Changes that meet within this many milliseconds are told once. */
const pause = 100;
/** Waiting times grow by themselves: a queue that stands still is told again after this long (ms). */
const tellEvery = 30_000;
/** Only the first of a long queue are told of every step. */
const toldEveryStep = 30;

/** Who waits on this node, and what everybody who looks at the queue is told. */
export class WaitingRoom {
  readonly store: QueueStore;
  private readonly here = new Map<ConversationId, Connection>();
  private readonly toldPlace = new Map<ConversationId, number>();
  private readonly shifts: Shifts;
  private readonly clock: Clock;
  private readonly io: Server;
  private telling: NodeJS.Timeout | null = null;
  private readonly ticking: NodeJS.Timeout;
  /** Hears of everybody who waits from now on. */
  onEntered: (conversation: ConversationId) => void = () => {};
  /** Hears how the house looks from the street. */
  onTold: (house: House) => void = () => {};

  constructor(io: Server, store: QueueStore, shifts: Shifts, clock: Clock) {
    this.io = io;
    this.store = store;
    this.shifts = shifts;
    this.clock = clock;
    this.ticking = setInterval(() => this.changed(), tellEvery).unref();
    store.onChanged = () => this.changed();
    store.onTakenElsewhere = (conversation, why) => {
      if (why === 'taken') this.tellTaken(conversation);
      else this.here.get(conversation)?.tell(waitsElsewhere, {});
      this.forget(conversation);
      this.changed();
    };
  }

  connectionOf(conversation: ConversationId): Connection | null {
    return this.here.get(conversation) ?? null;
  }

  /** @returns null when somebody has taken them meanwhile */
  async enter(waiting: Waiting, connection: Connection): Promise<Place | null> {
    const { conversation } = waiting;
    const before = this.here.get(conversation);
    if (before && before !== connection) {
      before.waitingFor = null;
      before.tell(waitsElsewhere, {});
    }
    connection.waitingFor = conversation;
    this.here.set(conversation, connection);
    const isIn = await this.store.put(waiting).catch((error: unknown) => {
      this.forget(conversation);
      throw error;
    });
    if (isIn) this.onEntered(conversation);
    else this.forget(conversation);
    this.changed();
    return isIn ? this.placeOf(conversation) : null;
  }

  /**
   * Somebody who was taken waits again; their page still has to come back.
   * @returns false when another node has seen to it
   */
  async putBack(waiting: Waiting): Promise<boolean> {
    const isBack = await this.store.putBack(waiting);
    this.changed();
    return isBack;
  }

  find(conversation: ConversationId): Promise<Waiting | null> {
    return this.store.find(conversation);
  }

  /** Nothing more can be said in it. */
  over(conversation: ConversationId): Promise<void> {
    this.forget(conversation);
    return this.store.over(conversation);
  }

  isTaken(conversation: ConversationId): Promise<boolean> {
    return this.store.isTaken(conversation);
  }

  /** A counsellor sits with them, so they do not wait, unless in a turn later than `unless`. */
  async markTaken(conversation: ConversationId, turn: number, unless = turn): Promise<void> {
    this.tellTaken(conversation);
    this.forget(conversation);
    await this.store.markTaken(conversation, turn, unless);
    this.changed();
  }

  async leave(conversation: ConversationId): Promise<void> {
    this.forget(conversation);
    await this.store.remove(conversation);
    this.changed();
  }

  /** The line is down: the place is kept, and nobody is sent to an empty chair. */
  async lineLost(connection: Connection): Promise<void> {
    const conversation = connection.waitingFor;
    if (!conversation || this.here.get(conversation) !== connection) return;
    this.here.delete(conversation);
    await this.store.lost(conversation);
    this.changed();
  }

  /** Somebody who waits has shown a clip; the desk sees what it opens. */
  async markStage(conversation: ConversationId, stage: Stage): Promise<void> {
    if (await this.store.markStage(conversation, stage)) this.changed();
  }

  /** Whoever has booked with somebody who is on shift is theirs to take. */
  async takeNext(
    account: string
  ): Promise<{ waiting: Waiting; connection: Connection | null } | null> {
    const waiting = await this.store.takeNext({ account, onShift: this.shifts.accountsOn() });
    if (!waiting) return null;
    const connection = this.connectionOf(waiting.conversation);
    this.forget(waiting.conversation);
    this.changed();
    return { waiting, connection };
  }

  async house(): Promise<House> {
    return { onShift: this.shifts.onShift, waiting: (await this.store.list()).length };
  }

  async items(): Promise<QueueItem[]> {
    const now = this.clock.now();
    return (await this.store.list()).map(
      ({ conversation, visitor, since, goneAt, stage, returned, booked }) => ({
        // The desk needs a name for the row, not the conversation's own.
        id: conversation.slice(0, 8),
        ...visitor,
        minutes: Math.max(0, Math.floor((now / 1000 - since) / 60)),
        here: goneAt === null,
        stage,
        again: returned !== null,
        bookedAt: booked?.at ?? null
      })
    );
  }

  async placeOf(conversation: ConversationId): Promise<Place> {
    const list = await this.store.list();
    const index = list.findIndex((one) => one.conversation === conversation);
    return this.placeAt(Math.max(0, index) + 1, await this.store.openings());
  }

  /** Tells everybody, soon. */
  changed(): void {
    this.telling ??= setTimeout(() => {
      this.telling = null;
      void this.tell().catch(() => {});
    }, pause).unref();
  }

  stop(): void {
    if (this.telling) clearTimeout(this.telling);
    clearInterval(this.ticking);
  }

  private placeAt(place: number, openings: readonly number[]): Place {
    const { onShift } = this.shifts;
    return { place, onShift, estimate: estimateWait(place, openings, onShift, this.clock.now()) };
  }

  private async tell(): Promise<void> {
    this.io.to('desk').emit(queueChanged.name, { queue: await this.items() });
    const house = await this.house();
    this.io.to('street').emit(houseChanged.name, house);
    this.onTold(house);
    const openings = await this.store.openings();
    for (const [index, { conversation }] of (await this.store.list()).entries()) {
      const place = this.placeAt(index + 1, openings);
      const told = this.toldPlace.get(conversation) ?? Infinity;
      if (place.place > toldEveryStep && told - place.place < 10 && told !== Infinity) continue;
      this.toldPlace.set(conversation, place.place);
      this.here.get(conversation)?.tell(placeChanged, place);
    }
  }

  private tellTaken(conversation: ConversationId): void {
    this.here.get(conversation)?.tell(visitorTaken, {});
  }

  private forget(conversation: ConversationId): void {
    const connection = this.here.get(conversation);
    if (connection) connection.waitingFor = null;
    this.here.delete(conversation);
    this.toldPlace.delete(conversation);
  }
}
