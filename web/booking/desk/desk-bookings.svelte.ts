import { bookingDay, markBooking, type DayBooking } from '#shared/booking/calls.ts';
import { daysAtOnce } from '#shared/booking/rules.ts';
import type { Certificate } from '../../desk/certified.ts';
import { agendaOf } from '../../meeting/desk-agenda.ts';
import type { Line } from '../../wire/line.ts';
import { dateIn, ownZone } from '../days.ts';
import { DeskNotes } from './desk-notes.svelte.ts';

/** How long what was said of a meeting can be taken back: after that the visitor's clip may be settled (ms). */
export const undoFor = 6_000;
/** What others do is seen after this long at most (ms). */
const lookEvery = 60_000;

export type Outcome = 'took-place' | 'missed';
export type DayRefusal = 'gone' | 'moved' | 'said' | 'offline' | 'refused';

/** What a refusal means to somebody who saw the booking on their day a moment ago. */
const meaning: Readonly<Record<string, DayRefusal>> = {
  'unknown-booking': 'gone',
  // Its time had come when it was shown: it is another time now.
  'too-early': 'moved',
  'already-over': 'said',
  'line-down': 'offline'
};

/** What is booked with whoever sits at this desk, today and in the week that follows; a lead sees everybody's. */
export class DeskBookings {
  #bookings = $state.raw<readonly DayBooking[]>([]);
  #reach = $state<'looking' | 'there' | 'offline'>('looking');
  #refusal = $state<DayRefusal | null>(null);
  #said = $state.raw<Readonly<Record<string, Outcome>>>({});
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #line: Line;
  /** Null for a lead, who reads none. */
  readonly notes: DeskNotes | null;
  #isLooking = false;

  readonly #looking = setInterval(() => void this.look(), lookEvery);

  /** @param certificate of this device; null for who reads no notes */
  constructor(line: Line, certificate: Certificate | null) {
    this.#line = line;
    this.notes = certificate && new DeskNotes(line, certificate);
    line.onState((isUp) => isUp && void this.look());
    addEventListener('pagehide', this.#sayAll);
    void this.look();
  }

  /** What a network meeting is to be about, or the name of what is in the way. */
  agendaOf = (booking: string) => agendaOf(this.#line, booking);

  /** In order of time. */
  get bookings(): readonly DayBooking[] {
    return this.#bookings;
  }
  get reach(): 'looking' | 'there' | 'offline' {
    return this.#reach;
  }
  /** Why what was said last does not stand. */
  get refusal(): DayRefusal | null {
    return this.#refusal;
  }

  /** What was said of it and can still be taken back. */
  saidOf(booking: string): Outcome | null {
    return this.#said[booking] ?? null;
  }

  /** Whoever sat here has gone: what was said counts now. */
  close(): void {
    clearInterval(this.#looking);
    removeEventListener('pagehide', this.#sayAll);
    this.#sayAll();
  }

  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const date = dateIn(ownZone(), Date.now());
    const answer = await this.#line.ask(bookingDay, { date, days: daysAtOnce });
    this.#isLooking = false;
    if (answer.ok) this.#bookings = answer.value.bookings;
    this.#reach = answer.ok ? 'there' : 'offline';
  }

  /** Says how a meeting went. It is sent after a while: until then nobody's clip is used. */
  say(booking: string, outcome: Outcome): void {
    this.#refusal = null;
    this.takeBack(booking);
    this.#said = { ...this.#said, [booking]: outcome };
    const sending = setTimeout(() => void this.#send(booking, outcome), undoFor);
    this.#timers.set(booking, sending);
  }

  takeBack(booking: string): void {
    clearTimeout(this.#timers.get(booking));
    this.#timers.delete(booking);
    this.#said = Object.fromEntries(Object.entries(this.#said).filter(([one]) => one !== booking));
  }

  async #send(booking: string, outcome: Outcome): Promise<void> {
    const answer = await this.#line.ask(markBooking, { booking, outcome });
    if (!answer.ok) this.#refusal = meaning[answer.refusal] ?? 'refused';
    await this.look();
    this.takeBack(booking);
  }

  /** The page goes away: what was said is not lost. */
  readonly #sayAll = (): void => {
    for (const [booking, outcome] of Object.entries(this.#said)) {
      this.#line.callOut(markBooking, { booking, outcome });
      this.takeBack(booking);
    }
  };
}
