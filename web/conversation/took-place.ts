import { reportTookPlace } from '#shared/conversation/calls.ts';
import type { Line } from '../wire/line.ts';

/** A clip counts once both have written, and not before; the counsellor's page says so. */
export class TookPlace {
  #is = false;
  readonly #onTookPlace: () => void;

  constructor(onTookPlace: () => void) {
    this.#onTookPlace = onTookPlace;
  }

  /** Both have written. */
  happens(line: Line | null): void {
    if (this.#is) return;
    this.#is = true;
    this.tellAgain(line);
    this.#onTookPlace();
  }

  /** A server that was started again has forgotten it. */
  tellAgain(line: Line | null): void {
    if (this.#is) void line?.ask(reportTookPlace, {});
  }
}
