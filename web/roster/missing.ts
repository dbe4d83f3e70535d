/** A room that is lost, or has not come, is asked for again after this many milliseconds. */
const asksAgainAfter = 3_000;

/** Members with whom this page has no room although it should. */
export class Missing {
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #isMissing: (member: string) => boolean;
  readonly #ask: (member: string) => void;

  constructor(isMissing: (member: string) => boolean, ask: (member: string) => void) {
    this.#isMissing = isMissing;
    this.#ask = ask;
  }

  /** Looks in a while whether the room has come, and asks for it until it has. */
  look(member: string): void {
    if (this.#waiting.has(member)) return;
    const again = setTimeout(() => {
      this.#waiting.delete(member);
      if (!this.#isMissing(member)) return;
      this.#ask(member);
      this.look(member);
    }, asksAgainAfter);
    this.#waiting.set(member, again);
  }

  stop(): void {
    for (const again of this.#waiting.values()) clearTimeout(again);
  }
}
