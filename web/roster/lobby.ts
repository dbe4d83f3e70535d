import type { Payload } from '#shared/conversation/payload.ts';
import type { Kept } from '../conversation/kept.ts';
import { Pair, type Gone } from '../conversation/pair.svelte.ts';
import type { Keys } from '../keys/keys.ts';
import type { Line } from '../wire/line.ts';

interface LobbyParts {
  readonly kept: Kept;
  readonly line: Line;
  readonly openKeys: (kept: Kept) => Promise<Keys>;
  readonly side: 'counsellor' | 'third';
  readonly onSecured?: () => void;
  readonly onHeard: (payload: Payload) => void;
  readonly onGone: (how: Gone, refusal: string | null) => void;
}

/**
 * Where a link leads: a room in which the counsellor and the invited person prove to each other that both
 * know the link's secret, and no more. When it is closed the link is used up.
 */
export class Lobby {
  readonly #pair: Pair;
  #isClosed = false;

  constructor({ kept, line, openKeys, side, onSecured, onHeard, onGone }: LobbyParts) {
    this.#pair = new Pair({
      kept,
      line,
      openKeys,
      side,
      host: {
        connected: () => {},
        securing: () => {},
        secured: () => onSecured?.(),
        heard: (_, payload) => this.#isClosed || onHeard(payload),
        progressed: () => {},
        gone: (_, how, refusal) => {
          if (this.#isClosed) return;
          this.leave();
          onGone(how, refusal);
        }
      }
    });
    this.#pair.sealed.open();
  }

  tell(payload: Payload): void {
    void this.#pair.send(payload);
  }

  /** Nobody comes in here any more. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#pair.sealed.sayGoodbye();
    this.#pair.sealed.cutOff();
    this.#pair.close();
  }

  /** Lets go of this side alone. */
  leave(): void {
    this.#isClosed = true;
    this.#pair.close();
  }
}
