import type { Stage } from '#shared/klippekort/stage.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from '#server/clock.ts';
import type { QueueStore, Taker, Waiting } from './queue-store.ts';

/** A place is kept for somebody whose line is down for this many milliseconds. */
const placeKept = 15 * 60_000;
const openingsKept = 20;

export class EmbeddedQueue implements QueueStore {
  private readonly waiting = new Map<ConversationId, Waiting>();
  /** In which turn somebody was taken. */
  private readonly taken = new Map<ConversationId, number>();
  private opened: number[] = [];
  onForgotten: (conversation: ConversationId) => void = () => {};
  // All of it is in this process.
  onTakenElsewhere = (): void => {};
  onChanged = (): void => {};
  onEmptied = (): void => {};
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async put(waiting: Waiting): Promise<boolean> {
    const { conversation, turn } = waiting;
    if (turn <= (this.taken.get(conversation) ?? -1)) return false;
    const before = this.waiting.get(conversation);
    // Who comes back after a lost line is still the one who has booked.
    const booked = before?.booked ? { booked: before.booked } : {};
    this.waiting.set(conversation, { ...booked, ...waiting });
    this.taken.delete(conversation);
    return true;
  }

  async putBack(waiting: Waiting): Promise<boolean> {
    if (waiting.turn <= (this.waiting.get(waiting.conversation)?.turn ?? -1)) return false;
    return this.put(waiting);
  }

  async lost(conversation: ConversationId): Promise<void> {
    const waiting = this.waiting.get(conversation);
    if (waiting) this.waiting.set(conversation, { ...waiting, goneAt: this.clock.now() });
  }

  async markStage(conversation: ConversationId, stage: Stage): Promise<boolean> {
    const waiting = this.waiting.get(conversation);
    if (waiting) this.waiting.set(conversation, { ...waiting, stage });
    return waiting !== undefined;
  }

  async remove(conversation: ConversationId): Promise<boolean> {
    return this.waiting.delete(conversation);
  }

  async takeNext({ account, onShift }: Taker): Promise<Waiting | null> {
    const here = this.inOrder().filter(({ goneAt }) => goneAt === null);
    const next =
      here.find(({ booked }) => booked?.with === account) ??
      here.find(({ booked }) => !booked || !onShift.includes(booked.with));
    if (!next) return null;
    this.waiting.delete(next.conversation);
    this.taken.set(next.conversation, next.turn);
    this.opened = [...this.opened, this.clock.now()].slice(-openingsKept);
    return next;
  }

  async markTaken(conversation: ConversationId, turn: number, unless = turn): Promise<void> {
    if ((this.waiting.get(conversation)?.turn ?? 0) > unless) return;
    this.waiting.delete(conversation);
    this.taken.set(conversation, turn);
  }

  async isTaken(conversation: ConversationId): Promise<boolean> {
    return this.taken.has(conversation);
  }

  async over(conversation: ConversationId): Promise<void> {
    this.waiting.delete(conversation);
    this.taken.delete(conversation);
  }

  async find(conversation: ConversationId): Promise<Waiting | null> {
    this.forget();
    return this.waiting.get(conversation) ?? null;
  }

  async list(): Promise<readonly Waiting[]> {
    return this.inOrder();
  }

  private inOrder(): Waiting[] {
    this.forget();
    const first = ({ booked }: Waiting) => (booked ? 0 : 1);
    return [...this.waiting.values()].toSorted(
      (one, other) => first(one) - first(other) || one.since - other.since
    );
  }

  async openings(): Promise<readonly number[]> {
    return this.opened;
  }

  private forget(): void {
    const now = this.clock.now();
    for (const { conversation, goneAt } of this.waiting.values())
      if (goneAt !== null && now - goneAt > placeKept && this.waiting.delete(conversation))
        this.onForgotten(conversation);
  }
}
