import { untrack } from 'svelte';
import { oldestUnanswered } from '#shared/conversation/answer-wait.ts';
import type { Conversation } from '../conversation/conversation.svelte.ts';
import type { TalkView } from './view.ts';

/** One conversation at the desk: its number, and since when its visitor waits for an answer. */
class Talk implements TalkView {
  readonly conversation: Conversation;
  readonly number: number;
  #awaited = $state.raw<{ readonly id: string; readonly since: number } | null>(null);
  readonly stop: () => void;

  constructor(conversation: Conversation, number: number, now: () => number) {
    this.conversation = conversation;
    this.number = number;
    this.stop = $effect.root(() => {
      $effect(() => {
        const id = conversation.isOver ? null : oldestUnanswered(conversation.messages)?.id;
        untrack(() => {
          if (id !== this.#awaited?.id) this.#awaited = id ? { id, since: now() } : null;
        });
      });
    });
  }

  get awaitsSince(): number | null {
    return this.#awaited?.since ?? null;
  }
}

/** The conversations of this window, and which one is looked at. */
export class Talks {
  #all = $state.raw<readonly Talk[]>([]);
  #currentId = $state<string | null>(null);
  #isWatched = true;
  readonly #now: () => number;

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  get all(): readonly Talk[] {
    return this.#all;
  }
  get current(): Talk | null {
    return this.#find(this.#currentId);
  }
  get open(): readonly Talk[] {
    return this.#all.filter(({ conversation }) => !conversation.isOver);
  }
  get unread(): number {
    return this.#all.reduce((sum, { conversation }) => sum + conversation.unread, 0);
  }

  /** Puts it at the end of the row and in front of the reader. */
  add(conversation: Conversation): void {
    const taken = new Set(this.#all.map(({ number }) => number));
    let number = 1;
    while (taken.has(number)) number += 1;
    const talk = new Talk(conversation, number, this.#now);
    this.#all = [...this.#all, talk].toSorted((one, other) => one.number - other.number);
    this.show(conversation.id);
  }

  show(id: string): void {
    if (!this.#find(id)) return;
    this.#currentId = id;
    this.#look();
  }

  /** The next one in the row, or the one before; the last is followed by the first. */
  step(by: 1 | -1): void {
    const at = this.#all.findIndex(({ conversation }) => conversation.id === this.#currentId);
    const next = this.#all.at((at + by) % this.#all.length);
    if (next) this.show(next.conversation.id);
  }

  /** Whether somebody is at this window now; what comes meanwhile counts as unread. */
  watch(isWatched: boolean): void {
    this.#isWatched = isWatched;
    this.#look();
  }

  /** Takes an ended conversation away; its neighbour comes forward. */
  putAway(id: string): void {
    const talk = this.#find(id);
    if (!talk?.conversation.isOver) return;
    const at = this.#all.indexOf(talk);
    this.#remove([talk]);
    const next = this.#all[Math.min(at, this.#all.length - 1)];
    if (this.#currentId !== id) return;
    this.#currentId = null;
    if (next) this.show(next.conversation.id);
  }

  /** It was taken again after it had gone back to the queue: what is left of the first time goes. */
  replace(id: string): void {
    this.#find(id)?.conversation.handOn();
    this.putAway(id);
  }

  /** Lets go of every open conversation, so that another window goes on with what `give` makes of each. */
  handOn<Given>(give: (conversation: Conversation) => Given): Given[] {
    const open = this.open;
    const given = open.map(({ conversation }) => give(conversation));
    this.#remove(open);
    this.#currentId = this.#all[0]?.conversation.id ?? null;
    return given;
  }

  /** Takes away the conversation of that name, for one of the same name that takes its place. */
  giveWay(id: string): Conversation | null {
    const talk = this.#find(id);
    if (talk) this.#remove([talk]);
    return talk?.conversation ?? null;
  }

  #remove(talks: readonly Talk[]): void {
    for (const talk of talks) talk.stop();
    this.#all = this.#all.filter((talk) => !talks.includes(talk));
  }

  #look(): void {
    for (const { conversation } of this.#all)
      conversation.look(this.#isWatched && conversation.id === this.#currentId);
  }

  #find(id: string | null): Talk | null {
    return this.#all.find(({ conversation }) => conversation.id === id) ?? null;
  }
}
