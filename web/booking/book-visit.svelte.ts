import { VisitorKind, type AgeBand, type Language } from '#shared/visitor/visitor.ts';
import { KlippekortState } from '../klippekort/klippekort.svelte.ts';
import { organisationKey } from '../keys/organisation-key.ts';
import { Line } from '../wire/line.ts';
import { Booking } from './booking.svelte.ts';
import { TicketBox } from './ticket-box.svelte.ts';

/** Everything the page of bookings holds. */
export class BookVisit {
  readonly card = new KlippekortState();
  readonly box = new TicketBox();
  readonly booking = new Booking();
  #isUp = $state(true);
  #line: Line | null = null;

  /** Whether the house answers. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Begins in a browser; a page made at build time has no line. */
  open(language: Language): () => void {
    const line = new Line('visitor');
    this.#line = line;
    this.card.open(line, organisationKey());
    this.box.open(line, this.card);
    this.#knowWho(language);
    this.booking.open({ line, card: this.card, box: this.box });
    line.onState((isUp) => {
      this.#isUp = isUp;
      if (isUp) void this.box.look();
      if (isUp && this.booking.week.state === 'offline') void this.booking.week.look();
    });
    line.open();
    addEventListener('frirum:leave', this.#leave);
    return () => {
      removeEventListener('frirum:leave', this.#leave);
      line.close();
    };
  }

  /** What the card or the way here says already. */
  #knowWho(language: Language): void {
    const { choices } = this.booking;
    choices.open(language);
    const named = VisitorKind.options.find((kind) => kind === location.hash.slice(1));
    if (named) choices.choose(named);
    const ages: Record<string, AgeBand> = { 'young-under-18': 'under-18', 'young-18-24': '18-24' };
    const age = ages[this.card.holder ?? ''];
    if (age && (!named || named === 'young')) {
      choices.choose('young');
      choices.chooseAge(age);
    }
    choices.onlyJoint(this.card.stage === 'decided' && this.card.decision === 'involve');
  }

  readonly #leave = (): void => this.#line?.close();
}
