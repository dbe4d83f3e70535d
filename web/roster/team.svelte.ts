import {
  answerOffer,
  handOverOffered,
  offerAnswered,
  offerLasts,
  offerOver
} from '#shared/roster/calls.ts';
import type { ValueOf } from '#shared/wire/define-call.ts';
import type { ContentOf } from '#shared/wire/define-news.ts';
import type { Line } from '../wire/line.ts';
import type { ColleagueView } from './view.ts';

export type Offered = ContentOf<typeof handOverOffered>;
export type Seat = NonNullable<ValueOf<typeof answerOffer>['seat']>;
type Answered = ContentOf<typeof offerAnswered>['pair'];

/** What colleagues ask each other: who may be asked, what this counsellor is asked, and what was answered. */
export class Team {
  #offers = $state.raw<readonly Offered[]>([]);
  #refusal = $state<string | null>(null);
  readonly #line: Line;
  readonly #colleagues: () => readonly ColleagueView[];
  readonly #onSeat: (seat: Seat) => void;
  readonly #waiting = new Map<string, (pair: Answered) => void>();

  constructor(
    line: Line,
    colleagues: () => readonly ColleagueView[],
    onSeat: (seat: Seat) => void
  ) {
    this.#line = line;
    this.#colleagues = colleagues;
    this.#onSeat = onSeat;
    line.hear(handOverOffered, (offered) => (this.#offers = [...this.#offers, offered]));
    line.hear(offerOver, ({ id }) => this.#remove(id));
    line.hear(offerAnswered, ({ id, pair }) => this.#waiting.get(id)?.(pair));
  }

  get colleagues(): readonly ColleagueView[] {
    return this.#colleagues();
  }
  /** What others ask of this counsellor now. */
  get offers(): readonly Offered[] {
    return this.#offers;
  }
  get refusal(): string | null {
    return this.#refusal;
  }

  async answer(id: string, accept: boolean): Promise<void> {
    const answer = await this.#line.ask(answerOffer, { id, accept });
    this.#refusal = answer.ok ? null : answer.refusal;
    this.#remove(id);
    if (answer.ok && answer.value.seat) this.#onSeat(answer.value.seat);
  }

  /** The room with the colleague who was asked; null when they cannot, or do not answer. */
  answerTo(id: string): Promise<Answered> {
    return new Promise((resolve) => {
      const tooLate = setTimeout(() => this.forget(id), offerLasts + 5_000);
      this.#waiting.set(id, (pair) => {
        clearTimeout(tooLate);
        this.#waiting.delete(id);
        resolve(pair);
      });
    });
  }

  /** Nobody waits for that answer any more. */
  forget(id: string): void {
    this.#waiting.get(id)?.(null);
  }

  #remove(id: string): void {
    this.#offers = this.#offers.filter((offered) => offered.id !== id);
  }
}
