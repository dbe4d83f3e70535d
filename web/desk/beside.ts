import type { DeskBookings } from '../booking/desk/desk-bookings.svelte.ts';
import type { Inbox } from '../message/inbox.svelte.ts';
import type { Line } from '../wire/line.ts';
import type { Certificate } from './certified.ts';

/** What a desk holds beside its conversations; each is fetched when it is first looked at. */
export class Beside {
  readonly #line: Line;
  readonly #certificate: () => Certificate | null;
  #bookings: Promise<DeskBookings> | null = null;
  #inbox: Promise<Inbox> | null = null;

  /** @param certificate of this device; null for who reads nothing that is sealed to the team */
  constructor(line: Line, certificate: () => Certificate | null) {
    this.#line = line;
    this.#certificate = certificate;
  }

  bookings(): Promise<DeskBookings> {
    this.#bookings ??= import('../booking/desk/desk-bookings.svelte.ts').then(
      ({ DeskBookings }) => new DeskBookings(this.#line, this.#certificate())
    );
    return this.#bookings;
  }

  /** What was written out of hours. */
  inbox(): Promise<Inbox> {
    this.#inbox ??= import('../message/inbox.svelte.ts').then(({ Inbox }) => new Inbox(this.#line));
    return this.#inbox;
  }

  /** Whoever sat here has gone. */
  async close(): Promise<void> {
    (await this.#bookings)?.close();
    (await this.#inbox)?.close();
  }
}
