import type { FreeSlot } from '#shared/booking/calls.ts';
import { seeSeat, takeSeat } from '#shared/booking/meeting-calls.ts';
import { newTicket, ticketName } from '#shared/crypto/ticket.ts';
import { readSeatLink } from '#shared/meeting/link.ts';
import type { AgeBand, Language, Visitor, VisitorKind } from '#shared/visitor/visitor.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { TicketBox } from '../booking/ticket-box.svelte.ts';
import type { Line } from '../wire/line.ts';

/** A seat of somebody's meeting, for who was given a link. */
export class OfferedSeat {
  #slot = $state.raw<FreeSlot | null>(null);
  #kind = $state<VisitorKind | null>(null);
  #age = $state<AgeBand | null>(null);
  #isBusy = $state(false);
  #refusal = $state<string | null>(null);
  readonly #link: ReturnType<typeof readSeatLink>;
  readonly #line: Line;
  readonly #box: TicketBox;
  readonly #language: Language;
  /** Made once: asked again, it is the same ticket. */
  readonly #ticket = newTicket();

  constructor(link: string, line: Line, box: TicketBox, language: Language) {
    this.#link = readSeatLink(link);
    this.#line = line;
    this.#box = box;
    this.#language = language;
    if (!this.#link) this.#refusal = 'unknown-seat';
  }

  get slot(): FreeSlot | null {
    return this.#slot;
  }
  get kind(): VisitorKind | null {
    return this.#kind;
  }
  get age(): AgeBand | null {
    return this.#age;
  }
  get visitor(): Visitor | null {
    if (!this.#kind || (this.#kind === 'young' && !this.#age)) return null;
    const age = this.#kind === 'young' ? this.#age : null;
    return { kind: this.#kind, age, language: this.#language };
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  get refusal(): string | null {
    return this.#refusal;
  }

  choose(kind: VisitorKind): void {
    this.#kind = kind;
  }
  chooseAge(age: AgeBand): void {
    this.#age = age;
  }

  /** When and where it is. */
  async look(): Promise<void> {
    if (!this.#link || this.#slot || this.#isBusy) return;
    const answer = await this.#line.ask(seeSeat, { pass: this.#link.pass });
    this.#refusal = answer.ok ? null : answer.refusal;
    this.#slot = answer.ok ? answer.value : null;
  }

  /** @returns whether the ticket is here */
  async take(): Promise<boolean> {
    const { visitor } = this;
    if (!this.#link || !visitor || this.#isBusy) return false;
    this.#isBusy = true;
    const { pass, key } = this.#link;
    const ticket = toBase64Url(ticketName(this.#ticket));
    const answer = await this.#line.ask(takeSeat, { pass, ticket, visitor });
    this.#isBusy = false;
    this.#refusal = answer.ok ? null : answer.refusal;
    if (!answer.ok) return false;
    const secret = toBase64Url(this.#ticket);
    const agenda = toBase64Url(key);
    const held = this.#box.add({ ticket: secret, visitor, clip: null, agenda, isSure: true });
    await held?.see();
    return true;
  }
}
