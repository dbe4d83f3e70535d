import { seatHash } from '#shared/meeting/link.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import type { HeldTicket } from '../booking/held-ticket.svelte.ts';
import { TicketBox } from '../booking/ticket-box.svelte.ts';
import { organisationKey } from '../keys/organisation-key.ts';
import { KlippekortState } from '../klippekort/klippekort.svelte.ts';
import { Line } from '../wire/line.ts';
import { OfferedSeat } from './offered-seat.svelte.ts';

/** Everything the page of meetings holds: a seat that was offered by a link, or the meetings one has a ticket for. */
export class MeetingVisit {
  readonly box = new TicketBox();
  readonly #card = new KlippekortState();
  #seat = $state.raw<OfferedSeat | null>(null);
  #isReady = $state(false);
  #line: Line | null = null;

  get seat(): OfferedSeat | null {
    return this.#seat;
  }
  /** Whether it is known how tickets stand. */
  get isReady(): boolean {
    return this.#isReady;
  }
  get meetings(): readonly HeldTicket[] {
    return this.box.tickets.filter(({ seen }) => seen?.purpose === 'network');
  }

  /** Begins in a browser; a page made at build time has no line. */
  open(language: Language): () => void {
    const line = new Line('visitor');
    this.#line = line;
    this.#card.open(line, organisationKey());
    this.box.open(line, this.#card);
    const { hash, pathname } = location;
    if (hash.startsWith(seatHash)) {
      // The secret does not stay where others can read it: in the address, in the history.
      history.replaceState(null, '', pathname);
      this.#seat = new OfferedSeat(hash, line, this.box, language);
    }
    line.onState((isUp) => isUp && void this.#look());
    line.open();
    addEventListener('frirum:leave', this.#leave);
    return () => {
      removeEventListener('frirum:leave', this.#leave);
      line.close();
    };
  }

  /** The ticket is here, or whoever came goes on without. */
  doneWithSeat(): void {
    this.#seat = null;
  }

  async #look(): Promise<void> {
    await Promise.all([this.box.look(), this.#seat?.look()]);
    this.#isReady = true;
  }

  readonly #leave = (): void => this.#line?.close();
}
