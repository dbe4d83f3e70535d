import type { Browser, Page } from 'playwright-core';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext, Talk } from './journey.ts';
import type { ServerProcess } from './server-process.ts';

/** Several young people, each in a conversation with the same counsellor. */
export async function severalAtOnce(browser: Browser, server: ServerProcess, count = 4) {
  const desk = await aCounsellorAtTheDesk(browser, server);
  const visitors = [];
  for (let number = 1; number <= count; number += 1) {
    const young = await aYoungPerson(browser, server);
    await takeNext(desk.page);
    await young.talk.isState('open');
    const window = desk.page.getByTestId('desk-conversation').nth(number - 1);
    const talk = new Talk(window);
    await talk.isState('open');
    visitors.push({ ...young, at: talk, window });
  }
  return { desk, visitors };
}

/** The place of the conversation that is in front. */
export const inFront = (desk: Page): Promise<number> =>
  desk
    .getByTestId('desk-tab')
    .evaluateAll((tabs) => tabs.findIndex((tab) => tab.hasAttribute('aria-current')));
