import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage, desktop, phone } from '#tests/support/browser.ts';
import { plan } from '#tests/support/planned.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });
beforeAll(async () => {
  await plan(server, 'Sofie', { end: '20:00' });
}, 120_000);

const isState = (page: Page, state: string) =>
  page.locator(`[data-testid=ticket][data-state="${state}"]`).first().waitFor();

async function choosesTheFirst(page: Page, kind: 'young' | 'parent' | 'professional') {
  await page.goto(`${server.origin}/book#${kind}`);
  await page.getByTestId(`who-${kind}`).click();
  if (kind === 'young') await page.getByTestId('age-under-18').click();
  await page.getByTestId('slot').first().click();
}

test('of two who want the same time one has it, and the other three more, with nothing said again', async () => {
  const [one, other] = await Promise.all([aPage(browser, phone), aPage(browser, desktop)]);
  await choosesTheFirst(one.page, 'parent');
  await choosesTheFirst(other.page, 'professional');
  await one.page.getByTestId('book-confirm').click();
  await isState(one.page, 'planned');

  await other.page.getByTestId('book-confirm').click();
  const alternatives = other.page.getByTestId('alternative');
  await alternatives.first().waitFor();
  expect(await alternatives.count()).toBe(3);
  await alternatives.first().click();
  await other.page.getByTestId('book-confirm').click();
  await isState(other.page, 'planned');
  // One ticket, however often it was asked for.
  expect(await other.page.getByTestId('ticket').count()).toBe(1);
}, 120_000);

test('a ticket goes along on paper and as a picture, and what one device does the other sees', async () => {
  const first = await aPage(browser, phone);
  await choosesTheFirst(first.page, 'young');
  await first.page.getByTestId('book-confirm').click();
  await isState(first.page, 'planned');
  await first.page.getByTestId('ticket-carry').locator('summary').click();
  await first.page.getByTestId('ticket-show-code').click();
  const code =
    (await first.page.getByTestId('ticket-code').textContent())?.replaceAll(/\s/g, '') ?? '';
  expect(code).toHaveLength(54);
  const saved = first.page.waitForEvent('download');
  await first.page.getByTestId('ticket-save-picture').click();
  const picture = await (await saved).path();

  const second = await aPage(browser, desktop);
  const { page } = second;
  await page.goto(`${server.origin}/book`);
  await page.getByTestId('ticket-import').locator('summary').click();
  await page
    .getByTestId('ticket-import-code')
    .fill(`${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`);
  await page.getByTestId('ticket-import-code').press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('[data-refusal="wrong-digit"]').waitFor();
  await page.getByTestId('ticket-import-code').fill(code.toLowerCase());
  await page.getByTestId('ticket-import-code').press('Tab');
  await page.keyboard.press('Enter');
  await isState(page, 'planned');

  const third = await aPage(browser, phone);
  await third.page.goto(`${server.origin}/en/book`);
  await third.page.getByTestId('ticket-import').locator('summary').click();
  await third.page.locator('input[type=file]').setInputFiles(picture);
  await isState(third.page, 'planned');

  await page.getByTestId('booking-cancel').click();
  await page.getByTestId('booking-cancel-confirm').click();
  await isState(page, 'cancelled');
  for (const { page: other } of [first, third]) {
    await other.reload();
    await isState(other, 'cancelled');
  }
}, 120_000);

test('everything by keyboard alone: arrows between the times, a time, a ticket, a calendar file', async () => {
  const { page } = await aPage(browser, desktop);
  await page.goto(`${server.origin}/book`);
  await page.getByTestId('slot').first().waitFor();
  const focused = (selector: string) =>
    page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);
  const tabTo = async (selector: string) => {
    for (let times = 0; times < 60; times += 1) {
      await page.keyboard.press('Tab');
      const is = await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);
      if (is) return;
    }
    throw new Error(`${selector} cannot be reached by keyboard`);
  };
  await tabTo('input[name=kind]');
  await page.keyboard.press('Space');
  await tabTo('input[name=age]');
  await page.keyboard.press('Space');
  await tabTo('[data-testid=slot]');
  const first = await page.evaluate(() => document.activeElement?.getAttribute('data-start'));
  await page.keyboard.press('ArrowDown');
  const second = await page.evaluate(() => document.activeElement?.getAttribute('data-start'));
  expect(Date.parse(second ?? '')).toBeGreaterThan(Date.parse(first ?? ''));
  await page.keyboard.press('Enter');
  await focused('.times');
  await tabTo('[data-testid=book-confirm]');
  await page.keyboard.press('Enter');
  await isState(page, 'planned');
  await focused('.tickets');
  await tabTo('[data-testid=booking-ics]');
  const saving = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const file = await saving;
  expect(file.suggestedFilename()).toBe('aftale.ics');
}, 120_000);
