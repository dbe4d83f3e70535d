import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { desktop, openBrowser } from '#tests/support/browser.ts';
import { atTheShifts, booksTime, isTicket } from '#tests/support/lead-pages.ts';
import { dateAhead, plan } from '#tests/support/planned.ts';

const patiently = { timeout: 15_000 };
let browser: Browser;
let house: RunningApp;
beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), startApp()]);
  await plan(house, 'Sofie');
  await plan(house, 'Mikkel', { when: { repeats: 'once', date: dateAhead(5) } });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await house.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

test('public holidays are closed by one press each or all at once, and a school holiday as a span', async () => {
  const { page, complaints } = await atTheShifts(browser, house);
  const holiday = page.getByTestId('holiday');
  // The public holidays of twelve months, whichever day it is today.
  expect(await holiday.count()).toBeGreaterThanOrEqual(12);
  expect((await holiday.allTextContents()).join()).toMatch(/Juleaftensdag.*24\. december/);
  await expectNoBarrier(page);
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  await page.setViewportSize(desktop.viewport);

  const one = holiday.filter({ hasText: 'Grundlovsdag' });
  const date = (await one.getAttribute('data-date')) ?? '';
  expect(date).toMatch(/-06-05$/);
  await one.click();
  const closed = page.getByTestId('closed-days');
  await closed.filter({ hasText: 'Grundlovsdag' }).waitFor();
  await expect.poll(() => one.count(), patiently).toBe(0);
  await page.getByTestId('holidays-all').click();
  await expect.poll(() => holiday.count(), patiently).toBe(0);
  // Opened again, it is proposed again.
  await closed.filter({ hasText: 'Grundlovsdag' }).getByTestId('closed-open').click();
  await expect.poll(() => one.count(), patiently).toBe(1);

  // A school holiday is a span with a name; the wrong way round is said at the field.
  await page.getByTestId('closed-from').fill(dateAhead(3));
  await page.getByTestId('closed-until').fill(dateAhead(1));
  await page.getByTestId('school-holiday').filter({ hasText: 'Vinterferie' }).click();
  await page.getByTestId('closed-submit').click();
  const refused = page.getByTestId('closed-refusal');
  await expect.poll(() => refused.getAttribute('data-refusal'), patiently).toBe('end-before-start');
  expect(await page.getByTestId('closed-until').getAttribute('aria-invalid')).toBe('true');

  // Somebody has booked in it: they are moved with it, after the lead has seen where to.
  const visitor = await booksTime(browser, house);
  await page.getByTestId('closed-until').fill(dateAhead(4));
  await page.getByTestId('closed-submit').click();
  const concerned = page.getByTestId('shifts-concerned');
  await concerned.waitFor();
  expect(await page.getByTestId('proposal-row').textContent()).toMatch(/14\.00.*Sofie.*Mikkel/s);
  await page.getByTestId('concerned-apply').click();
  await closed.filter({ hasText: 'Vinterferie' }).waitFor();
  await visitor.reload();
  await isTicket(visitor, 'moved-by-us');
  expect(await visitor.getByTestId('ticket').textContent()).toContain('Mikkel');
  expect(complaints).toEqual([]);
}, 120_000);
