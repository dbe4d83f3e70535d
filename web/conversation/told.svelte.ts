import type { Payload } from '#shared/conversation/payload.ts';
import type { Topic } from '#shared/visitor/visitor.ts';
import { DecisionState } from '../decision/decision.svelte.ts';
import type { ConversationParts } from './parts.ts';
import type { ConversationView } from './view.ts';

/** What the counsellor and the visitor have told each other beside what they say. */
export class Told {
  #name = $state<string | null>(null);
  #topics = $state<readonly Topic[]>([]);
  #shownCard = $state.raw<ConversationView['shownCard']>(null);
  /** The sheet that both fill in; null where nothing is decided together. */
  readonly decision: DecisionState | null;

  /** @param send says something to the other; of several others to each */
  constructor(parts: ConversationParts, send: (payload: Payload) => void) {
    const { party, kept, line, onDecided } = parts;
    if (party.role === 'visitor') this.#topics = party.topics;
    const decides = kept.visitor.kind === 'young' && party.role !== 'third';
    this.decision = decides
      ? new DecisionState({
          role: party.role,
          visitor: kept.visitor,
          line,
          capability: kept.capability,
          send,
          onRecorded: () => onDecided?.()
        })
      : null;
  }

  get name(): string | null {
    return this.#name;
  }
  get topics(): readonly Topic[] {
    return this.#topics;
  }
  get shownCard(): ConversationView['shownCard'] {
    return this.#shownCard;
  }

  hear(payload: Payload): void {
    if (payload.kind === 'introduction') this.#name = payload.name;
    else if (payload.kind === 'about') {
      // A visitor whose page was reloaded no longer knows; what was said before still holds.
      if (payload.topics.length > 0) this.#topics = payload.topics;
    } else if (payload.kind === 'card-shown') this.showCard(payload.used, payload.limit);
    else this.decision?.hear(payload);
  }

  showCard(used: number, limit: number): void {
    this.#shownCard = { used, limit };
  }
}
