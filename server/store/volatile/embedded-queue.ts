import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from '#server/clock.ts';
import type { QueueStore, Waiting } from './queue-store.ts';

/** A place is kept for somebody whose line is down for this many milliseconds. */
const placeKept = 15 * 60_000;
const openingsKept = 20;

export class EmbeddedQueue implements QueueStore {
  private readonly waiting = new Map<ConversationId, Waiting>();
  private opened: number[] = [];
  onForgotten: (conversation: ConversationId) => void = () => {};
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async put(waiting: Waiting): Promise<void> {
    const before = this.waiting.get(waiting.conversation);
    // Who comes back after a lost line is still the one who has booked.
    const booked = before?.booked ? { booked: before.booked } : {};
    this.waiting.set(waiting.conversation, { ...booked, ...waiting });
  }

  async remove(conversation: ConversationId): Promise<boolean> {
    return this.waiting.delete(conversation);
  }

  async takeNext(mayTake: (waiting: Waiting) => boolean = () => true): Promise<Waiting | null> {
    const next = (await this.list()).find((one) => one.goneAt === null && mayTake(one));
    if (!next) return null;
    this.waiting.delete(next.conversation);
    this.opened = [...this.opened, this.clock.now()].slice(-openingsKept);
    return next;
  }

  async list(): Promise<readonly Waiting[]> {
    const now = this.clock.now();
    for (const { conversation, goneAt } of this.waiting.values())
      if (goneAt !== null && now - goneAt > placeKept && this.waiting.delete(conversation))
        this.onForgotten(conversation);
    const first = ({ booked }: Waiting) => (booked ? 0 : 1);
    return [...this.waiting.values()].toSorted(
      (one, other) => first(one) - first(other) || one.since - other.since
    );
  }

  async openings(): Promise<readonly number[]> {
    return this.opened;
  }
}
