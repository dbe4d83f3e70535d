import type { Payload } from '#shared/conversation/payload.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import { Conversation } from '../conversation/conversation.svelte.ts';
import { begin, beginCircle, keptConversations, type Kept } from '../conversation/kept.ts';
import { openPairKeys } from '../conversation/open-pair-keys.ts';
import { hearRevoked } from '../keys/revoked-serials.ts';
import { Line } from '../wire/line.ts';
import { readLink, roomIn, type Invitation } from './link.ts';
import { Lobby } from './lobby.ts';

type Step = 'asked' | 'entering' | 'talking' | 'refused';

/** The page of somebody who was invited: first what this is, then the lobby, then the conversation. */
export class Third {
  #step = $state<Step>('asked');
  #refusal = $state<string | null>(null);
  #conversation = $state.raw<Conversation | null>(null);
  readonly #language: Language;
  readonly #invitation: Invitation | null;
  #lobby: Lobby | null = null;

  /** @param link the address that was opened; nothing is sent before somebody presses the button */
  constructor(link: string, language: Language) {
    this.#language = language;
    this.#invitation = readLink(link);
    const kept = keptSeat();
    if (this.#invitation === null && kept) this.#talk(kept, '');
    else if (this.#invitation === null) this.#refuse('bad-link');
  }

  get step(): Step {
    return this.#step;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  /** For an interpreter the languages to go between; null for anybody else. */
  get interprets(): readonly Language[] | null {
    return this.#invitation?.interprets ?? null;
  }
  get conversation(): Conversation | null {
    return this.#conversation;
  }

  enter(name: string): void {
    const invitation = this.#invitation;
    if (!invitation || this.#step !== 'asked') return;
    this.#step = 'entering';
    const { secret, capability } = invitation;
    const of = roomIn(capability);
    const visitor = { kind: 'parent', age: null, language: this.#language } as const;
    const pair = { of, role: 'visitor', member: null, side: 'counsellor', joined: 0 } as const;
    const kept = begin(of, capability, visitor, true);
    this.#lobby = new Lobby({
      kept: { ...kept, pair },
      line: newLine(),
      openKeys: (mine) => openPairKeys(mine, 'visitor', secret),
      side: 'counsellor',
      onSecured: () => this.#lobby?.tell({ kind: 'introduction', name }),
      onHeard: (payload) => void this.#letIn(payload, kept, name),
      onGone: (how, refusal) => {
        // Closed before anybody was let in: the link has been used, or was taken back.
        if (!this.#conversation)
          this.#refuse(how === 'refused' ? (refusal ?? 'used-invitation') : 'used-invitation');
      }
    });
  }

  /** Leaves at once, without a goodbye. */
  abandon(): void {
    this.#lobby?.leave();
    this.#conversation?.abandon();
  }

  async #letIn(payload: Payload, kept: Kept, name: string): Promise<void> {
    if (payload.kind !== 'pair-introduced' || this.#conversation) return;
    const circle = beginCircle(payload.of, 'none');
    const talk = this.#talk({ ...kept, circle }, name);
    (await talk.circled()).introduced(payload);
  }

  #talk(kept: Kept, name: string): Conversation {
    this.#conversation = new Conversation({
      kept,
      party: { role: 'third', name },
      line: newLine(),
      newLine,
      openKeys: (mine, invitation) => openPairKeys(mine, 'visitor', invitation)
    });
    this.#step = 'talking';
    return this.#conversation;
  }

  #refuse(refusal: string): void {
    this.#refusal = refusal;
    this.#step = 'refused';
  }
}

function newLine(): Line {
  const line = new Line('visitor');
  hearRevoked(line);
  return line;
}

/** The place in a conversation that this tab already has, from before a reload. */
const keptSeat = (): Kept | null =>
  keptConversations().find(({ circle }) => circle?.first === 'none') ?? null;
