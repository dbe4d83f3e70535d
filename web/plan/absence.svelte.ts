import { moveBookings, proposeMoves } from '#shared/plan/calls.ts';
import type { LocalDate } from '#shared/plan/planned-shift.ts';
import { daySpan } from '#shared/plan/slots-of.ts';
import type { RequestOf, ValueOf } from '#shared/wire/define-call.ts';
import type { AskHouse } from './ask-house.ts';

type Moves = ValueOf<typeof proposeMoves>['moves'];
type Span = Omit<RequestOf<typeof moveBookings>, 'moves'>;

/** Who cannot come, and what becomes of their bookings: a proposal first, then all of it at once. */
export class Absence {
  account = $state('');
  from: LocalDate = $state('');
  until: LocalDate = $state('');
  #proposed = $state.raw<{ name: string; span: Span; moves: Moves } | null>(null);
  #refusal = $state<string | null>(null);
  #isBusy = $state(false);
  readonly #ask: AskHouse;

  constructor(ask: AskHouse) {
    this.#ask = ask;
  }

  /** What would happen; null when what is written has changed since. */
  get moves(): Moves | null {
    return this.#proposed?.name === this.#name ? this.#proposed.moves : null;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  get #name(): string {
    return `${this.account} ${this.from} ${this.until}`;
  }

  /** @param zone where the days are days */
  async propose(zone: string): Promise<void> {
    this.#refusal = this.#missing();
    if (this.#refusal) return;
    const { account, from, until } = this;
    const last = daySpan(until || from, zone);
    const span = { account, from: daySpan(from, zone).from, until: last.until };
    const name = this.#name;
    this.#isBusy = true;
    const answer = await this.#ask(proposeMoves, span);
    this.#isBusy = false;
    if (answer.ok) this.#proposed = { name, span, moves: answer.value.moves };
    else this.#refusal = answer.refusal;
  }

  /** @returns what was done; null when nothing was, and why is said */
  async apply(zone: string): Promise<ValueOf<typeof moveBookings> | null> {
    if (!this.#proposed || this.#isBusy) return null;
    const { span, moves } = this.#proposed;
    this.#isBusy = true;
    const answer = await this.#ask(moveBookings, {
      ...span,
      moves: moves.map(({ booking, to }) => ({ booking: booking.booking, slot: to?.slot ?? null }))
    });
    this.#isBusy = false;
    if (answer.ok) return answer.value;
    if (answer.refusal === 'proposal-outdated') await this.propose(zone);
    this.#refusal = answer.refusal;
    return null;
  }

  #missing(): string | null {
    if (this.account === '') return 'nobody-chosen';
    return this.from === '' ? 'no-day-chosen' : null;
  }
}
