import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Talk } from '#tests/support/journey.ts';

type Somebody = { readonly page: Page; readonly talk: Talk };

/** Who talk with each other, and every word of theirs so far: no page may miss, double or reorder one. */
export class EverythingSaid<Name extends string> {
  private readonly said: Record<Name, string[]>;
  readonly names: readonly Name[];
  private readonly people: Record<Name, Somebody>;

  constructor(names: readonly Name[], people: Record<Name, Somebody>) {
    this.names = names;
    this.people = people;
    this.said = Object.fromEntries(names.map((name) => [name, []])) as never;
  }

  async say(who: Name, text: string): Promise<void> {
    this.said[who].push(text);
    await this.people[who].talk.say(text);
  }

  /** Waits until every page has every word once, in its writer's order, and no other. */
  async isOnAllPages(timeout = 30_000): Promise<void> {
    for (const reader of this.names) {
      const { talk, page } = this.people[reader];
      await expect
        .poll(() => talk.messages('me'), { timeout, message: `${reader} reads ${reader}` })
        .toEqual(this.said[reader]);
      const others = this.names.filter((name) => name !== reader);
      for (const writer of others)
        await expect
          .poll(async () => (await wordsOf(page)).filter(isOf(this.said[writer])), {
            timeout,
            message: `${reader} reads ${writer}`
          })
          .toEqual(this.said[writer]);
      const all = others.flatMap((name) => this.said[name]);
      expect((await wordsOf(page)).toSorted(), `${reader} reads nothing else`).toEqual(
        all.toSorted()
      );
    }
  }
}

const isOf = (said: readonly string[]) => (text: string) => said.includes(text);

/** What a page has of the others, in the order in which it shows it. */
const wordsOf = (page: Page): Promise<string[]> =>
  page
    .locator('[data-testid=message]:not([data-from=me]) [dir=auto]')
    .evaluateAll((found) => found.map((one) => one.textContent ?? ''));
