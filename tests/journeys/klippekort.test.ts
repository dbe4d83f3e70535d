import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aPage, openBrowser, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, Talk, takeNext } from '#tests/support/journey.ts';
import { ServerProcess } from '#tests/support/server-process.ts';

let browser: Browser;
let server: ServerProcess;
let desk: Awaited<ReturnType<typeof aCounsellorAtTheDesk>>;
beforeAll(async () => {
  browser = await openBrowser();
  server = await ServerProcess.start();
  desk = await aCounsellorAtTheDesk(browser, server);
});
afterAll(async () => {
  await browser.close();
  await server.remove();
});

const card = (page: Page) => page.locator('[data-testid=card]').first();
const hasLeft = (page: Page, clips: number) =>
  expect
    .poll(() => card(page).getAttribute('data-clips-left'), { timeout: 20_000 })
    .toBe(String(clips));

async function join(page: Page): Promise<void> {
  await page.goto(server.origin);
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
}

/** Both write, and the conversation is ended by the young person. */
async function talk(page: Page, words: string): Promise<void> {
  await takeNext(desk.page);
  const young = new Talk(page.locator('body'));
  await young.isState('open');
  const open = new Talk(desk.page.locator('[data-testid=desk-conversation]:not([hidden])'));
  await open.isState('open');
  await young.say(words);
  await open.hasHeard([words]);
  await open.say('Godt, at du skrev.');
  await young.hasHeard(['Godt, at du skrev.']);
}

async function end(page: Page): Promise<void> {
  await page.getByTestId('end-conversation').click();
  await page.getByTestId('end-confirm').click();
  await new Talk(page.locator('body')).isState('ended');
}

test('five conversations on two devices: a card, a code, a fifth, a decision', async () => {
  const first = await aPage(browser, phone);
  await join(first.page);
  await talk(first.page, 'første gang');
  await hasLeft(first.page, 4);
  await end(first.page);

  // The code goes along on a piece of paper.
  await first.page.goto(`${server.origin}/card`);
  await hasLeft(first.page, 4);
  await first.page.getByTestId('card-show-code').click();
  const code = (await first.page.getByTestId('card-code').textContent()) ?? '';
  expect(code.replaceAll(/[^0-9A-Z]/gi, '').length).toBeGreaterThan(50);
  await first.context.close();

  const second = await aPage(browser, phone);
  const { page } = second;
  await page.goto(`${server.origin}/card`);
  await page.getByTestId('card-import').click();
  await page.getByTestId('card-import-code').fill(code.toLowerCase());
  await page.getByTestId('card-import-code').press('Enter');
  await hasLeft(page, 4);
  await page.getByTestId('card-keep').click();

  for (const left of [3, 2, 1]) {
    await join(page);
    await expect.poll(() => desk.page.getByTestId('queue-item').first().textContent()).toBeTruthy();
    await talk(page, `endnu en gang, ${left} tilbage`);
    await hasLeft(page, left);
    await end(page);
  }

  // Nobody answers: the clip is there again.
  await join(page);
  await page.getByTestId('leave-queue').click();
  await hasLeft(page, 1);

  await join(page);
  await talk(page, 'femte gang');
  for (const one of [page, desk.page])
    await one.locator('[data-testid=decision][data-due=true]:visible').waitFor();
  await page.locator('[data-testid=decision] button').first().click();
  await page.getByTestId('decision-option-inform').click();
  const deskSheet = desk.page.locator('[data-testid=decision]:visible');
  await deskSheet.getByTestId('decision-confirm').waitFor();
  await new Promise((resolve) => setTimeout(resolve, 800));
  await page.getByTestId('decision-confirm').click();
  await deskSheet.getByTestId('decision-confirm').click();
  await expect
    .poll(() => card(page).getAttribute('data-stage'), { timeout: 30_000 })
    .toBe('decided');
}, 240_000);
