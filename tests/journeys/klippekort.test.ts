import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, Talk, takeNext } from '#tests/support/journey.ts';

const { browser, server } = await browserAndServer();
let desk: Awaited<ReturnType<typeof aCounsellorAtTheDesk>>;
beforeAll(async () => {
  desk = await aCounsellorAtTheDesk(browser, server);
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
  const saved = first.page.waitForEvent('download');
  await first.page.getByTestId('card-save-picture').click();
  const picture = await (await saved).path();

  // The picture works as well, on a third device.
  const third = await aPage(browser, phone);
  await third.page.goto(`${server.origin}/card`);
  await third.page.getByTestId('card-import').click();
  await third.page.locator('input[type=file]').setInputFiles(picture);
  await hasLeft(third.page, 4);
  await Promise.all([first.context.close(), third.context.close()]);

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
    if (left === 3) {
      await page.getByTestId('card-share').click();
      await expect.poll(() => desk.page.locator('aside').textContent()).toContain('Snak 2 af 5');
    }
    await end(page);
  }

  // Nobody answers: the clip is there again.
  await join(page);
  await page.getByTestId('leave-queue').click();
  await hasLeft(page, 1);

  // Somebody answers, and it ends before both have written: the same.
  await join(page);
  await takeNext(desk.page);
  await new Talk(page.locator('body')).isState('open');
  await end(page);
  await hasLeft(page, 1);

  // The fifth ends without a decision: the next visit opens at it.
  await join(page);
  await talk(page, 'femte gang');
  await page.locator('[data-testid=decision][data-due=true]').waitFor();
  await expect
    .poll(() => card(page).getAttribute('data-stage'), { timeout: 20_000 })
    .toBe('pending');
  await end(page);
  await join(page);
  await expect
    .poll(() => desk.page.getByTestId('queue-item').first().textContent())
    .toContain('Beslutning mangler');
  await talk(page, 'så er jeg her igen');
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
  await page.getByRole('button', { name: 'Tilbage til samtalen' }).click();
  await end(page);

  // There is no sixth before the card is thrown away.
  await page.goto(server.origin);
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('start-chat').click();
  await page.getByText('Kortets snakke er brugt').waitFor();
}, 240_000);
