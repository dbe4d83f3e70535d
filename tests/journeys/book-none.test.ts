import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aPage, openBrowser, phone } from '#tests/support/browser.ts';
import { plan } from '#tests/support/planned.ts';

const patiently = { timeout: 15_000 };
let browser: Browser;
let house: RunningApp;
beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), startApp()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await house.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

test('where nothing is planned the page says so and leads on; where it cannot know it does not say so', async () => {
  const { page, complaints } = await aPage(browser, phone);
  await page.goto(`${house.origin}/book#parent`);
  const none = page.getByTestId('no-times');
  await none.waitFor();
  expect(await none.getAttribute('data-planned')).toBe('none');
  expect(await none.textContent()).toContain('Der er ingen tider lige nu');
  // What is open is offered, and every way leads somewhere.
  for (const way of ['none-chat', 'none-write']) {
    const path = (await page.getByTestId(way).getAttribute('href')) ?? '';
    expect((await fetch(new URL(path, house.origin))).status, path).toBe(200);
  }
  expect(await none.locator('a[href^="tel:"]').count()).toBeGreaterThan(0);
  await expectNoBarrier(page);
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  expect(complaints).toEqual([]);

  // Times for others only: that is something else, and is said otherwise.
  await plan(house, 'Sofie', { offer: { kinds: ['young'], purposes: ['conversation'] } });
  await page.reload();
  await none.waitFor();
  expect(await none.getAttribute('data-planned')).toBe('some');
  expect(await none.textContent()).not.toContain('Der er ingen tider lige nu');

  // Nobody answers about the weeks that come: nothing is claimed.
  let asked = 0;
  await page.route('**/booking/week/*', (route) => {
    asked += 1;
    return asked > 3 ? route.abort() : route.continue();
  });
  await page.reload();
  await page.getByText('Vi kan ikke få forbindelse').waitFor();
  await expect.poll(() => none.count(), patiently).toBe(0);
}, 60_000);
