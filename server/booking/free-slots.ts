import type { FreeSlot, Week } from '#shared/booking/calls.ts';
import type { Purpose } from '#shared/booking/purpose.ts';
import { horizonDays, isFor, isFull } from '#shared/booking/rules.ts';
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
/** Another time is looked for so far around the one that is taken, and then everywhere. */
const lookedAround = 10 * day;

export const toFreeSlot = ({ id, start, minutes, counsellor, offer }: StoredSlot): FreeSlot => ({
  slot: id,
  start,
  minutes,
  zone: offer.zone,
  place: offer.place,
  counsellor
});

/** The free slots that start from one moment until another, in order of time. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly slots: Promise<readonly StoredSlot[]>;
}

/** Everything that was looked up since the last change. */
interface Seen {
  readonly turn: string;
  readonly version: number;
  readonly minute: number;
  readonly spans: Map<string, Span>;
  readonly slots: Map<number, Promise<StoredSlot | null>>;
  readonly nearest: Map<string, Promise<FreeSlot[]>>;
  readonly weeks: Map<string, Promise<Week>>;
}

const nothing = (version: number, atMinute: number): Seen => ({
  turn: `${version} ${atMinute}`,
  ...{ version, minute: atMinute },
  spans: new Map(),
  slots: new Map(),
  nearest: new Map(),
  weeks: new Map()
});

/** The answer that is there, or the one that is looked up now. */
function once<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  look: () => Promise<Value>
): Promise<Value> {
  const before = known.get(key);
  if (before) return before;
  const found = look();
  known.set(key, found);
  // What failed is asked again.
  found.catch(() => known.delete(key));
  return found;
}

/** What can be had now; looked up again after every change of what is free, and once a minute. */
export class FreeSlots {
  private readonly plan: Plan;
  private readonly clock: Clock;
  private readonly zone: string;
  private seen = nothing(NaN, NaN);

  constructor(plan: Plan, clock: Clock, zone: string) {
    this.plan = plan;
    this.clock = clock;
    this.zone = zone;
  }

  /** Another one whenever something else may be free. */
  get turn(): string {
    return this.now().turn;
  }

  /** A slot as it stands. */
  slot(id: number): Promise<StoredSlot | null> {
    const { slots } = this.now();
    if (slots.size > mostKnown) slots.clear();
    return once(slots, id, () => this.plan.slot(id));
  }

  /** Everything that can be booked. */
  all(): Promise<readonly StoredSlot[]> {
    return this.within(0, Number.MAX_SAFE_INTEGER);
  }

  /** The three nearest in time that would do as well, the same counsellor's first. */
  async alternatives(to: StoredSlot, visitor: Visitor, purpose: Purpose): Promise<FreeSlot[]> {
    const name = `${to.id} ${visitor.kind} ${visitor.language} ${purpose}`;
    const found = await once(this.now().nearest, name, async () => {
      const near = choose(await this.within(to.start - lookedAround, to.start + lookedAround));
      return near.length >= manyAlternatives ? near : choose(await this.all());
    });
    return [...found];

    function choose(slots: readonly StoredSlot[]): FreeSlot[] {
      const isLike = ({ id, offer }: StoredSlot) =>
        id !== to.id && offer.place.kind === to.offer.place.kind && isFor(offer, visitor, purpose);
      const far = ({ start }: StoredSlot) => Math.abs(start - to.start);
      const nearest = slots.filter(isLike).toSorted((one, other) => far(one) - far(other));
      const same = nearest.filter(({ account }) => account === to.account);
      const others = nearest.filter(({ account }) => account !== to.account);
      return [...same, ...others].slice(0, manyAlternatives).map(toFreeSlot);
    }
  }

  /** A week of the house as everybody may see it. @param monday a day that is one */
  week(monday: string): Promise<Week> {
    return once(this.now().weeks, monday, async () => {
      const { from, until } = weekSpan(monday, this.zone);
      const slots = await this.within(from, until);
      return writeWeek(
        monday,
        from,
        slots.map((stored) => ({
          group: `${stored.account} ${stored.minutes} ${JSON.stringify(stored.offer)}`,
          slot: { ...toFreeSlot(stored), offer: stored.offer }
        }))
      );
    });
  }

  private now(): Seen {
    const { seen, plan } = this;
    const version = plan.version();
    const atMinute = Math.floor(this.clock.now() / minute);
    if (seen.version === version && seen.minute === atMinute) return seen;
    const next = nothing(version, atMinute);
    const changed = seen.minute === atMinute && plan.changedSince?.(seen.version);
    if (changed) this.keepOthers(seen, next, new Set(changed));
    return (this.seen = next);
  }

  /** A booking changes one slot of thousands: that one is looked up again, and the others stay. */
  private keepOthers(seen: Seen, next: Seen, changed: ReadonlySet<number>): void {
    for (const [id, slot] of seen.slots) if (!changed.has(id)) next.slots.set(id, slot);
    if (seen.spans.size === 0) return;
    const asked = this.plan.these([...changed]);
    for (const [name, { first, last, slots }] of seen.spans) {
      const isFree = (slot: StoredSlot) =>
        slot.isOpen && !isFull(slot) && slot.start >= first && slot.start < last;
      this.keep(next.spans, name, {
        ...{ first, last },
        slots: Promise.all([slots, asked]).then(([before, now]) =>
          [...before.filter(({ id }) => !changed.has(id)), ...now.filter(isFree)].toSorted(
            (one, other) => one.start - other.start || one.id - other.id
          )
        )
      });
    }
  }

  /** What failed is asked again. */
  private keep(spans: Map<string, Span>, name: string, span: Span): void {
    spans.set(name, span);
    span.slots.catch(() => spans.delete(name));
  }

  /**
   * The free slots of a span, in order of time. Where the store says what has changed, all of them are
   * kept up to date, and a span is cut out of them.
   */
  private async within(from: number, until: number): Promise<readonly StoredSlot[]> {
    if (!this.plan.changedSince) return this.span(from, until);
    const all = await this.span(0, Number.MAX_SAFE_INTEGER);
    const first = Math.max(from, this.clock.now() + 1);
    return all.filter(({ start }) => start >= first && start < until);
  }

  private span(from: number, until: number): Promise<readonly StoredSlot[]> {
    const now = this.clock.now();
    const first = Math.max(from, now + 1);
    const last = Math.min(until, now + horizonDays * day);
    const { spans } = this.now();
    const name = `${from} ${until}`;
    const known = spans.get(name)?.slots;
    if (known) return known;
    const slots = this.plan
      .slots(first, last)
      .then((found) => found.filter((slot) => !isFull(slot)));
    this.keep(spans, name, { first, last, slots });
    return slots;
  }
}
