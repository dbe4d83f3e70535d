import * as v from 'valibot';
import { bookingWeekPath, Week } from '#shared/booking/calls.ts';
import { horizonDays } from '#shared/booking/rules.ts';
import { readWeek, type OfferedSlot } from '#shared/booking/week.ts';
import { addDays, dateIn, mondayOf, ownZone } from './days.ts';

const weeksAhead = Math.ceil(horizonDays / 7);

/** The free slots of one week, and the way to the next. */
export class FreeWeek {
  #monday = $state('');
  #state = $state<'loading' | 'there' | 'offline'>('loading');
  #slots = $state.raw<readonly OfferedSlot[]>([]);
  #first = '';
  #isPlanned = $state(false);

  /** Begins in a browser, with the first week in which something fits. */
  async open(fits: (slot: OfferedSlot) => boolean): Promise<void> {
    this.#first = mondayOf(dateIn(ownZone(), Date.now()));
    this.#monday = this.#first;
    const monday = await this.nextWith(fits, this.#first);
    if (monday !== null && monday !== this.#monday) await this.show(monday);
    else await this.look();
  }

  get monday(): string {
    return this.#monday;
  }
  get state(): 'loading' | 'there' | 'offline' {
    return this.#state;
  }
  get slots(): readonly OfferedSlot[] {
    return this.#slots;
  }
  /** Whether any time was seen at all, whoever it is for. */
  get isPlanned(): boolean {
    return this.#isPlanned;
  }
  get isFirst(): boolean {
    return this.#monday <= this.#first;
  }
  get isLast(): boolean {
    return this.#first !== '' && this.#monday >= addDays(this.#first, weeksAhead * 7);
  }

  show(monday: string): Promise<void> {
    this.#monday = monday;
    return this.look();
  }

  /** Looks again, e.g. when the line is back or a slot was taken. */
  async look(): Promise<void> {
    const monday = this.#monday;
    this.#state = 'loading';
    const slots = await this.#fetch(monday);
    if (monday !== this.#monday) return;
    if (slots) this.#slots = slots;
    this.#state = slots ? 'there' : 'offline';
  }

  /** The free slots of another week, none where nobody answers. */
  async slotsOf(monday: string): Promise<readonly OfferedSlot[]> {
    return (await fetchWeek(monday)) ?? [];
  }

  async #fetch(monday: string): Promise<readonly OfferedSlot[] | null> {
    const slots = await fetchWeek(monday);
    if (slots && slots.length > 0) this.#isPlanned = true;
    return slots;
  }

  /** The first week from this one on in which something fits; null when none does. */
  async nextWith(
    fits: (slot: OfferedSlot) => boolean,
    from = addDays(this.#monday, 7)
  ): Promise<string | null> {
    const last = addDays(this.#first, weeksAhead * 7);
    for (let monday = from; monday <= last; monday = addDays(monday, 7)) {
      const slots = await this.#fetch(monday);
      // Who does not know says so: there may be times in the weeks that nobody told of.
      if (!slots) this.#state = 'offline';
      if (!slots) return null;
      if (slots.some(fits)) return monday;
    }
    return null;
  }
}

/** @returns null when nobody answers; a week that cannot be booked is empty. */
async function fetchWeek(monday: string): Promise<readonly OfferedSlot[] | null> {
  try {
    const answer = await fetch(bookingWeekPath + monday, { signal: AbortSignal.timeout(8_000) });
    if (answer.status === 404) return [];
    const week = v.safeParse(Week, await answer.json());
    return answer.ok && week.success ? readWeek(week.output) : null;
  } catch {
    return null;
  }
}
