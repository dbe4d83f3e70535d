import type { FreeSlot, Week } from '#shared/booking/calls.ts';
import type { Purpose } from '#shared/booking/purpose.ts';
import { horizonDays, isFor } from '#shared/booking/rules.ts';
import { writeWeek } from '#shared/booking/week.ts';
import { weekSpan } from '#shared/plan/slots-of.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { Clock } from '#server/clock.ts';
import type { Plan, StoredSlot } from '#server/store/durable/plan.ts';

const minute = 60_000;
const day = 86_400_000;
/** As many are offered where a slot is taken. */
const manyAlternatives = 3;
/** Slots that are remembered until something changes. */
const mostKnown = 2000;

export const toFreeSlot = ({ id, start, minutes, counsellor, offer }: StoredSlot): FreeSlot => ({
  slot: id,
  start,
  minutes,
  zone: offer.zone,
  place: offer.place,
  counsellor
});

/** What can be had now; looked up again after every change of what is free, and once a minute. */
export class FreeSlots {
  private readonly plan: Plan;
  private readonly clock: Clock;
  private readonly zone: string;
  private seen: { readonly turn: string; readonly slots: Promise<readonly StoredSlot[]> } | null =
    null;
  private nearest = new Map<string, Promise<readonly FreeSlot[]>>();
  private weeks = new Map<string, Promise<Week>>();
  private known: { turn: string; slots: Map<number, Promise<StoredSlot | null>> } | null = null;

  constructor(plan: Plan, clock: Clock, zone: string) {
    this.plan = plan;
    this.clock = clock;
    this.zone = zone;
  }

  /** Another one whenever something else may be free. */
  get turn(): string {
    return `${this.plan.version()} ${Math.floor(this.clock.now() / minute)}`;
  }

  /** A slot as it stands. */
  slot(id: number): Promise<StoredSlot | null> {
    const { turn } = this;
    if (this.known?.turn !== turn || this.known.slots.size > mostKnown)
      this.known = { turn, slots: new Map() };
    const known = this.known.slots.get(id);
    if (known) return known;
    const slot = this.plan.slot(id);
    this.known.slots.set(id, slot);
    return slot;
  }

  async all(): Promise<readonly StoredSlot[]> {
    const { turn } = this;
    if (this.seen?.turn === turn) return this.seen.slots;
    const now = this.clock.now();
    const slots = this.plan
      .slots(now + 1, now + horizonDays * day)
      .then((all) => all.filter(({ taken, offer }) => taken < offer.seats));
    this.seen = { turn, slots };
    this.nearest = new Map();
    this.weeks = new Map();
    return slots;
  }

  /** The three nearest in time that would do as well, the same counsellor's first. */
  async alternatives(to: StoredSlot, visitor: Visitor, purpose: Purpose): Promise<FreeSlot[]> {
    const all = await this.all();
    const name = `${to.id} ${visitor.kind} ${visitor.language} ${purpose}`;
    const known = this.nearest.get(name);
    if (known) return [...(await known)];
    const isLike = ({ id, offer }: StoredSlot) =>
      id !== to.id && offer.place.kind === to.offer.place.kind && isFor(offer, visitor, purpose);
    const far = ({ start }: StoredSlot) => Math.abs(start - to.start);
    const nearest = all.filter(isLike).toSorted((one, other) => far(one) - far(other));
    const same = nearest.filter(({ account }) => account === to.account).slice(0, manyAlternatives);
    const chosen = [...same, ...nearest.filter(({ account }) => account !== to.account)];
    const found = Promise.resolve(chosen.slice(0, manyAlternatives).map(toFreeSlot));
    this.nearest.set(name, found);
    return [...(await found)];
  }

  /** A week of the house as everybody may see it. @param monday a day that is one */
  async week(monday: string): Promise<Week> {
    const all = await this.all();
    const known = this.weeks.get(monday);
    if (known) return known;
    const span = weekSpan(monday, this.zone);
    const within = all.filter(({ start }) => start >= span.from && start < span.until);
    const week = Promise.resolve(
      writeWeek(
        monday,
        span.from,
        within.map((stored) => ({
          group: `${stored.account} ${stored.minutes} ${JSON.stringify(stored.offer)}`,
          slot: { ...toFreeSlot(stored), offer: stored.offer }
        }))
      )
    );
    this.weeks.set(monday, week);
    return week;
  }
}
