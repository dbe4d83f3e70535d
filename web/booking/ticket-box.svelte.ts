import { readTicketCode } from '#shared/booking/ticket-code.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { Line } from '../wire/line.ts';
import type { KlippekortState } from '../klippekort/klippekort.svelte.ts';
import {
  keepTickets,
  loadTickets,
  moveTickets,
  type KeptIn,
  type KeptTicket
} from './kept-tickets.ts';
import { HeldTicket } from './held-ticket.svelte.ts';

/** All tickets of whoever sits here, and where they are kept. */
export class TicketBox {
  #tickets = $state.raw<readonly HeldTicket[]>([]);
  #keptIn = $state<KeptIn>('tab');
  #parts: { readonly line: Line; readonly card: KlippekortState } | null = null;

  /** Begins in a browser. */
  open(line: Line, card: KlippekortState): void {
    this.#parts = { line, card };
    const { where, tickets } = loadTickets();
    this.#keptIn = where ?? card.keptIn;
    for (const kept of tickets) this.add(kept);
  }

  /** Those that are booked, as far as anybody knows. */
  get tickets(): readonly HeldTicket[] {
    return this.#tickets.filter(({ isSure, isGone }) => isSure && !isGone);
  }
  get keptIn(): KeptIn {
    return this.#keptIn;
  }

  add(kept: KeptTicket): HeldTicket | null {
    if (!this.#parts) return null;
    const known = this.#tickets.find(({ kept: { ticket } }) => ticket === kept.ticket);
    if (known) return known;
    const held = new HeldTicket(kept, {
      ...this.#parts,
      keep: () => this.#keep(),
      forget: (one) => this.#remove(one)
    });
    this.#tickets = [...this.#tickets, held];
    this.#keep();
    return held;
  }

  /** Asks how each of them stands. */
  async look(): Promise<void> {
    await Promise.all(this.#tickets.map((ticket) => ticket.see()));
  }

  /** A ticket from paper, typed or read. @returns what stands in the way, null when it is here */
  async importCode(text: string): Promise<string | null> {
    const read = readTicketCode(text);
    if (!read.ok) return read.refusal;
    const kept = { ticket: toBase64Url(read.ticket), visitor: null, clip: null, isSure: false };
    const held = this.add(kept);
    await held?.see();
    if (held?.isSure && !held.isGone) return null;
    if (held?.reach !== 'offline') return 'unknown-ticket';
    held.forget();
    return 'line-down';
  }

  keepIn(where: KeptIn): void {
    moveTickets(where, this.#kept);
    this.#keptIn = where;
  }

  get #kept(): KeptTicket[] {
    return this.#tickets.map(({ kept }) => kept);
  }

  #keep(): void {
    keepTickets(this.#keptIn, this.#kept);
  }

  #remove(ticket: HeldTicket): void {
    this.#tickets = this.#tickets.filter((one) => one !== ticket);
    this.#keep();
  }
}
