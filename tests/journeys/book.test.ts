import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage, phone } from '#tests/support/browser.ts';
import { plan } from '#tests/support/planned.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });
beforeAll(async () => {
  await plan(server, 'Sofie');
  await plan(server, 'Mikkel', { start: '18:00', end: '21:00' });
}, 120_000);

const ticket = (page: Page) => page.getByTestId('ticket').first();
const isState = (page: Page, state: string) =>
  page.locator(`[data-testid=ticket][data-state="${state}"]`).first().waitFor();

async function aYoungPersonBooks(page: Page): Promise<string> {
  await page.goto(`${server.origin}/book`);
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  const slot = page.getByTestId('slot').first();
  const start = (await slot.getAttribute('data-start')) ?? '';
  await slot.click();
  await page.getByTestId('book-confirm').click();
  await isState(page, 'planned');
  return start;
}

test('a young person sees free times, books one, moves it, and cancels it', async () => {
  const { page, complaints } = await aPage(browser, phone);
  const start = await aYoungPersonBooks(page);
  expect(new Date(start).toISOString()).toBe(start);
  const words = await ticket(page).locator('[translate=no][lang=da]').textContent();
  expect(words?.trim().length).toBeGreaterThan(3);

  // The tab has it after a reload, and it is the first thing there is.
  await page.reload();
  await isState(page, 'planned');
  expect(await page.getByTestId('slot').count()).toBe(0);

  await page.getByTestId('booking-move').click();
  // Its own time is not among the free ones any more.
  const other = page.locator(`[data-testid=slot]:not([data-start="${start}"])`).first();
  await other.waitFor();
  expect(await page.locator(`[data-testid=slot][data-start="${start}"]`).count()).toBe(0);
  await other.click();
  await page.getByTestId('book-confirm').click();
  await page.getByTestId('booking-cancel').waitFor();
  expect(await ticket(page).locator('[translate=no][lang=da]').textContent()).toBe(words);

  await page.getByTestId('booking-cancel').click();
  await page.getByTestId('booking-cancel-confirm').click();
  await isState(page, 'cancelled');
  expect(await page.locator('h1').textContent()).not.toContain('Tiden er din');
  await page.getByTestId('ticket-forget').click();
  // Both times are free again.
  await page.locator(`[data-testid=slot][data-start="${start}"]`).waitFor();
  expect(
    await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)])
  ).toEqual([]);
  expect(complaints).toEqual([]);
}, 120_000);
