import { register } from '#shared/statistics/calls.ts';
import type { Kept } from '../conversation/kept.ts';
import type { Line } from '../wire/line.ts';
import type { Registering } from './registration.svelte.ts';

/** What may be registered at this desk: the right to each conversation it has, and since when. */
export class Registrations {
  readonly #byConversation = new Map<string, Registering>();
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  of(conversation: string): Registering | null {
    return this.#byConversation.get(conversation) ?? null;
  }

  /** A conversation has begun here, or goes on here. */
  begin({ conversation, capability, visitor, takenAt }: Kept): void {
    const since = takenAt ?? Date.now();
    this.#byConversation.set(conversation, {
      visitor,
      minutes: () => (Date.now() - since) / 60_000,
      send: async (registration) => {
        const answer = await this.#line.ask(register, { capability, registration });
        if (answer.ok) this.#byConversation.delete(conversation);
        return answer.ok ? null : answer.refusal;
      }
    });
  }
}
