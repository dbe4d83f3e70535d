import { book, type FreeSlot } from '#shared/booking/calls.ts';
import { longestSeries } from '#shared/booking/rules.ts';
import type { OfferedSlot } from '#shared/booking/week.ts';
import { requestChallenge } from '#shared/queue/calls.ts';
import type { KlippekortState } from '../klippekort/klippekort.svelte.ts';
import { prove } from '../queue/prove.ts';
import type { Line } from '../wire/line.ts';
import { addDays, mondayOf, dateIn } from './days.ts';
import { Choices } from './choices.svelte.ts';
import { Drafts, newKey } from './drafts.ts';
import type { HeldTicket } from './held-ticket.svelte.ts';
import { Note } from './note.svelte.ts';
import { weeklyFrom, type SlotTime } from './slot-times.ts';
import type { TicketBox } from './ticket-box.svelte.ts';
import { FreeWeek } from './week.svelte.ts';

interface Parts {
  readonly line: Line;
  readonly card: KlippekortState;
  readonly box: TicketBox;
}

/** From looking at times to having a ticket; or to another time for a ticket that is there. */
export class Booking {
  readonly choices = new Choices();
  readonly week = new FreeWeek();
  readonly note = new Note();
  #chosen = $state.raw<SlotTime | null>(null);
  #slot = $state.raw<FreeSlot | null>(null);
  #series = $state.raw<readonly OfferedSlot[]>([]);
  #count = $state(1);
  #isWorking = $state(false);
  #refusal = $state<string | null>(null);
  #alternatives = $state.raw<readonly FreeSlot[]>([]);
  #booked = $state.raw<readonly HeldTicket[]>([]);
  #moving = $state.raw<HeldTicket | null>(null);
  #moveKey = '';
  #parts: Parts | null = null;
  #drafts: Drafts | null = null;

  open(parts: Parts): void {
    this.#parts = parts;
    this.#drafts = new Drafts(parts.box, parts.card);
    this.note.open(parts.line);
    void this.week.open(this.choices.fits);
  }

  get chosen(): SlotTime | null {
    return this.#chosen;
  }
  /** With whom, where several are free at the chosen time. */
  get slot(): FreeSlot | null {
    return this.#slot;
  }
  /** The times that would follow weekly, the chosen one first. */
  get series(): readonly OfferedSlot[] {
    return this.#series;
  }
  get count(): number {
    return this.#count;
  }
  get isWorking(): boolean {
    return this.#isWorking;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get alternatives(): readonly FreeSlot[] {
    return this.#alternatives;
  }
  /** Booked a moment ago. */
  get booked(): readonly HeldTicket[] {
    return this.#booked;
  }
  /** The ticket that another time is looked for. */
  get moving(): HeldTicket | null {
    return this.#moving;
  }

  choose(time: SlotTime): void {
    this.#chosen = time;
    this.#alternatives = [];
    this.#refusal = null;
    this.chooseSlot(time.slots[0]);
  }

  /** One of those free at this time, or one of the alternatives. */
  chooseSlot(slot: FreeSlot): void {
    this.#slot = slot;
    this.#count = 1;
    this.#series = [];
    const offered = this.#chosen?.slots.find((one) => one.slot === slot.slot);
    if (offered && !this.#moving) void this.#lookAhead(offered);
  }

  chooseAlternative(slot: FreeSlot): void {
    this.#chosen = null;
    this.#alternatives = [];
    this.#refusal = null;
    this.chooseSlot(slot);
  }

  chooseCount(count: number): void {
    this.#count = count;
  }

  /** Back to the times; what was written stays. */
  back(): void {
    this.#chosen = null;
    this.#slot = null;
    this.#alternatives = [];
    this.#refusal = null;
    void this.week.look();
  }

  move(ticket: HeldTicket): void {
    this.#moving = ticket;
    const { seen } = ticket;
    if (seen) {
      this.choices.choose(seen.visitor.kind);
      if (seen.visitor.age) this.choices.chooseAge(seen.visitor.age);
      this.choices.choosePurpose(seen.purpose);
      this.choices.chooseLanguage(seen.visitor.language);
    }
    this.back();
  }

  stopMoving(): void {
    this.#moving = null;
    this.back();
  }

  /** One more, or for somebody else. */
  again(): void {
    this.#booked = [];
    this.back();
  }

  async confirm(): Promise<void> {
    if (this.#isWorking || !this.#slot) return;
    this.#isWorking = true;
    this.#refusal = null;
    try {
      await (this.#moving ? this.#exchange(this.#moving, this.#slot) : this.#book(this.#slot));
    } catch {
      this.#refusal = 'broken';
    } finally {
      this.#isWorking = false;
    }
  }

  async #exchange(ticket: HeldTicket, slot: FreeSlot): Promise<void> {
    this.#moveKey ||= newKey();
    const taken = await ticket.move(slot, this.#moveKey);
    this.#refusal = ticket.refusal;
    // Where nobody answered the same is asked again; every other answer ends it.
    if (ticket.refusal !== 'line-down') this.#moveKey = '';
    if (ticket.refusal) return;
    if (taken) return this.#offer(taken);
    this.#moving = null;
    this.back();
  }

  async #book(slot: FreeSlot): Promise<void> {
    const { visitor, purpose } = this.choices;
    if (!this.#parts || !this.#drafts || !visitor || !purpose) return;
    const { line, card } = this.#parts;
    if (card.counts(visitor) && card.standsInTheWay) {
      this.#refusal = card.standsInTheWay;
      return;
    }
    const slots = this.#count > 1 ? this.#series.slice(0, this.#count) : [slot];
    const orders = await this.#drafts.orders(slots, visitor, purpose, this.note);
    if ('refusal' in orders) {
      this.#refusal = orders.refusal;
      return;
    }
    const proof = orders.some(({ clip }) => clip === null) ? await this.#prove(line) : null;
    const answer = await line.ask(book, { visitor, purpose, orders, proof });
    if (!answer.ok) this.#refusal = answer.refusal;
    else if (answer.value.outcome === 'slot-taken') this.#offer(answer.value.alternatives);
    else await this.#take(this.#drafts.done());
  }

  async #take(tickets: HeldTicket[]): Promise<void> {
    this.note.clear();
    await Promise.all(tickets.map((ticket) => ticket.see()));
    this.#booked = tickets;
    this.#chosen = null;
    this.#slot = null;
  }

  #offer(alternatives: readonly FreeSlot[]): void {
    this.#alternatives = alternatives;
    this.#refusal = 'slot-taken';
    void this.week.look();
  }

  async #prove(line: Line): Promise<string | null> {
    const challenge = await line.ask(requestChallenge, {});
    return challenge.ok ? prove(challenge.value.challenge) : null;
  }

  /** Whether the same time is free in the weeks that follow. */
  async #lookAhead(first: OfferedSlot): Promise<void> {
    const most = this.#mostInSeries;
    const later: OfferedSlot[] = [];
    const monday = mondayOf(dateIn(first.zone, first.start));
    for (let week = 1; week < most; week += 1)
      later.push(
        ...(await this.week.slotsOf(addDays(monday, 7 * week))).filter(this.choices.suits)
      );
    if (this.#slot?.slot === first.slot) this.#series = weeklyFrom(first, later, most);
  }

  /** Who has a card books no more than it has clips for; who has none yet begins with one. */
  get #mostInSeries(): number {
    const { visitor } = this.choices;
    const card = this.#parts?.card;
    if (!visitor || !card?.counts(visitor)) return longestSeries;
    return card.stage === 'none' ? 1 : Math.min(longestSeries, card.clipsLeft);
  }
}
