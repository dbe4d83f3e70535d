import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { aPage, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext, Talk } from '#tests/support/journey.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';

type House = Pick<ServerProcess, 'origin' | 'password'>;

export interface InConversation {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly talk: Talk;
  readonly complaints: readonly string[];
}

export async function twoWhoTalk(browser: Browser, server: House) {
  const young = await aYoungPerson(browser, server);
  const desk = await aCounsellorAtTheDesk(browser, server);
  await takeNext(desk.page);
  await Promise.all([young.talk.isState('open'), desk.talk.isState('open')]);
  return { young, desk };
}

/** One of the two asks whether somebody may join by a link. */
export async function propose(page: Page, who: 'parent' | 'interpreter' = 'parent'): Promise<void> {
  await page.getByTestId('invite-third').click();
  await page.getByTestId(`propose-${who}`).click();
}

/** The counsellor asks, the young person agrees; the link that both are shown. */
export async function agreeOnLink(young: Page, desk: Page): Promise<string> {
  await propose(desk);
  await young.getByTestId('third-agree').click();
  const link = young.getByTestId('invite-link');
  await link.waitFor();
  const text = await link.textContent();
  expect(await desk.getByTestId('invite-link').textContent()).toBe(text);
  return text ?? '';
}

/** Somebody opens the link on a phone of their own and says what they want to be called. */
export async function openLink(
  browser: Browser,
  link: string,
  name = 'Mor'
): Promise<InConversation> {
  const person = await aPage(browser, phone);
  await person.page.goto(link);
  await person.page.getByTestId('third-name').fill(name);
  await person.page.getByTestId('third-enter').click();
  return { ...person, talk: new Talk(person.page.locator('body')) };
}

/** A young person, a counsellor and somebody who came by a link; everybody knows of everybody. */
export async function threeWhoTalk(browser: Browser, server: House, name = 'Mor') {
  const two = await twoWhoTalk(browser, server);
  const link = await agreeOnLink(two.young.page, two.desk.page);
  const third = await openLink(browser, link, name);
  await third.talk.isState('open');
  const three = { ...two, third };
  for (const { page } of Object.values(three)) await areThere(page, 3);
  return { ...three, link };
}

/** The counsellor picks a colleague who shall take over, and the young person agrees. */
export async function handOverTo(name: string, desk: Page, young: Page): Promise<void> {
  await desk.getByTestId('hand-over').click();
  await desk.getByTestId('pick-colleague').filter({ hasText: name }).click();
  await young.getByTestId('third-agree').click();
}

/** Waits until that many are in the roster, and all of them at their devices. */
export async function areThere(page: Page, count: number): Promise<void> {
  const members = page.getByTestId('roster-member');
  await expect.poll(() => members.count(), { timeout: 20_000 }).toBe(count);
  await expect
    .poll(() => page.locator('[data-testid=roster-member].away').count(), { timeout: 20_000 })
    .toBe(0);
}

/** What somebody sees of one of the others, by the name above the first of several messages. */
export const heardFrom = (page: Page, from: 'me' | 'other' | 'third'): Promise<string[]> =>
  page.locator(`[data-testid=message][data-from=${from}]`).evaluateAll((found) =>
    found.map((one) => {
      const who = one.parentElement?.querySelector('span')?.textContent ?? '';
      return `${who}: ${one.querySelector('[dir=auto]')?.textContent ?? ''}`;
    })
  );

/** Waits until these and no others are seen, in this order. */
export async function hasHeard(
  page: Page,
  from: 'me' | 'other' | 'third',
  expected: readonly string[]
): Promise<void> {
  await expect
    .poll(() => heardFrom(page, from), { timeout: 30_000, interval: 200 })
    .toEqual(expected);
}

/** Waits until these are the last that are seen of them, in this order. */
export async function hasHeardLast(
  page: Page,
  from: 'other' | 'third',
  expected: readonly string[]
): Promise<void> {
  await expect
    .poll(async () => (await heardFrom(page, from)).slice(-expected.length), { timeout: 30_000 })
    .toEqual(expected);
}
