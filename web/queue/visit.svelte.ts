import type { Language } from '#shared/visitor/visitor.ts';
import { Conversation, resumeKeyOf, roomOf } from '../conversation/conversation.svelte.ts';
import { keptConversations, type Kept } from '../conversation/kept.ts';
import { openKeys, type Keys } from '../keys/keys.ts';
import { Line } from '../wire/line.ts';
import { Waiting } from './waiting.svelte.ts';

/** Everything a visitor's page holds: the wait, then the conversation, on one line. */
export class Visit {
  readonly waiting: Waiting;
  #conversation = $state<Conversation | null>(null);
  readonly #line = new Line('visitor');
  readonly #organisationKey: Uint8Array;

  constructor(language: Language) {
    this.#organisationKey = organisationKey();
    const kept = keptConversations()[0] ?? null;
    this.waiting = new Waiting(this.#line, language, kept?.isTaken ? null : kept, (taken) =>
      this.#talk(taken)
    );
    if (kept?.isTaken) this.#talk(kept);
    // Loading the crypto takes seconds on a slow phone: begin while somebody reads and types.
    else
      void this.#openKeys(emptyRoom).then(
        (keys) => keys.close(),
        () => {}
      );
    addEventListener('frirum:leave', this.abandon);
  }

  get conversation(): Conversation | null {
    return this.#conversation;
  }

  /** Leaves at once, without a goodbye. */
  readonly abandon = (): void => {
    if (this.#conversation) this.#conversation.abandon();
    else this.waiting.leave();
  };

  #talk(kept: Kept): void {
    const conversation = new Conversation({
      kept,
      party: { role: 'visitor', topics: this.waiting.topics },
      line: this.#line,
      openKeys: (mine) => this.#openKeys(roomOf(mine), resumeKeyOf(mine))
    });
    const draft = this.firstWords.trim();
    if (draft !== '') conversation.say(draft);
    this.#conversation = conversation;
  }

  /** What was written before anybody answered; the first message once somebody does. */
  firstWords = $state('');

  async #openKeys(room: Uint8Array, resumeKey?: Uint8Array): Promise<Keys> {
    const opened = await openKeys({
      role: 'visitor',
      room,
      organisationKey: this.#organisationKey,
      resumeKey
    });
    if (opened.kind === 'refused') throw new Error(opened.refusal);
    return opened.keys;
  }
}

const emptyRoom = new Uint8Array(16);

/** The one key whose certificates this page accepts; it came with the page. */
function organisationKey(): Uint8Array {
  const hex = document.documentElement.dataset.organisation ?? '';
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}
