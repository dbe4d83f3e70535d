import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { desktop, openBrowser, phone } from '#tests/support/browser.ts';
import { expectDialogReturns } from '#tests/support/dialogs.ts';
import { atTheShifts, booksTime } from '#tests/support/lead-pages.ts';
import { dateAhead, plan } from '#tests/support/planned.ts';

const patiently = { timeout: 15_000 };
const weekday = new Date(`${dateAhead(0)}T12:00:00Z`).getUTCDay() || 7;
/** A day of the week that comes, and of the one after. */
const inWeek = (day: number, weeks = 1) => dateAhead(day - weekday + 7 * weeks);
const once = (date: string) => ({ repeats: 'once' as const, date });

let browser: Browser;
let house: RunningApp;
beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), startApp()]);
  await plan(house, 'Sofie', { when: once(inWeek(3)) });
  await plan(house, 'Mikkel', { when: once(inWeek(3)), start: '15:00', end: '16:00' });
  await plan(house, 'Mikkel', { when: once(inWeek(5)), start: '09:00', end: '11:00' });
  await plan(house, 'Mikkel', { when: once(inWeek(1, 2)), start: '09:00', end: '10:00' });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await house.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

/** The time that has the focus: `14.00`, with its day. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    const day = at?.querySelector('.unseen')?.textContent ?? '';
    return `${at?.querySelector('.time')?.textContent ?? ''} ${day.split(' ')[0] ?? ''}`;
  });
const isAt = (page: Page, what: string) => expect.poll(() => focused(page), patiently).toBe(what);
const isWeek = (page: Page, monday: string) =>
  expect
    .poll(() => page.getByTestId('shifts-week').getAttribute('data-monday'), patiently)
    .toBe(monday);
const block = (page: Page, time: string, nth = 0) =>
  page.getByTestId('shifts-slot').filter({ hasText: time }).nth(nth);

test('the week beside the list: arrows walk its days and times, Enter opens, and the pages turn it', async () => {
  await booksTime(browser, house);
  const { page, complaints } = await atTheShifts(browser, house);
  await page.getByTestId('shifts-week-next').click();
  await isWeek(page, inWeek(1));
  await block(page, '14.00').waitFor();

  // Tab comes to one of them, and the arrows to all.
  await page.getByTestId('shifts-week-next').focus();
  await page.keyboard.press('Tab');
  await isAt(page, '14.00 onsdag');
  await page.keyboard.press('ArrowDown');
  await isAt(page, '15.00 onsdag');
  await page.keyboard.press('ArrowRight');
  await isAt(page, '10.00 fredag');
  await page.keyboard.press('Home');
  await isAt(page, '09.00 fredag');
  await page.keyboard.press('ArrowLeft');
  await isAt(page, '14.00 onsdag');
  await page.keyboard.press('End');
  await isAt(page, '16.00 onsdag');
  await page.keyboard.press('PageDown');
  await isWeek(page, inWeek(1, 2));
  await isAt(page, '09.00 mandag');
  await page.keyboard.press('ArrowLeft');
  await isWeek(page, inWeek(1));
  await isAt(page, '10.00 fredag');

  // Free and booked differ in words and in pattern.
  const says = (time: string) => block(page, time).textContent();
  expect(await says('14.00')).toMatch(/Sofie.*Booket/s);
  expect(await says('15.00')).toMatch(
    /Mikkel.*Sofie.*Ledige: 2.af.2|Sofie.*Mikkel.*Ledige: 2.af.2/s
  );
  expect(await says('16.00')).toMatch(/Sofie.*Ledig/s);
  const pattern = (time: string) =>
    block(page, time).evaluate((one) => getComputedStyle(one, '::before').backgroundImage);
  expect(await pattern('14.00')).toContain('gradient');
  expect(await pattern('16.00')).toBe('none');

  await expectDialogReturns(page, block(page, '15.00'));
  await isAt(page, '15.00 onsdag');
  await page.keyboard.press('Enter');
  const opened = page.getByTestId('block');
  await opened.waitFor();
  expect(await opened.locator('li').count()).toBe(2);
  await opened.locator('li', { hasText: 'Mikkel' }).getByTestId('block-edit').click();
  expect(await page.getByTestId('shift-start').inputValue()).toBe('15:00');
  await page.getByTestId('shift-cancel').click();

  // Side by side where there is room, else the one or the other.
  const places = async () => {
    const week = await page.getByTestId('shifts-week').boundingBox();
    const list = await page.getByTestId('shift').first().boundingBox();
    return { week, list };
  };
  const { week, list } = await places();
  expect(list?.x).toBeGreaterThanOrEqual((week?.x ?? 0) + (week?.width ?? 0));
  await expectNoBarrier(page);
  for (const viewport of [phone.viewport, { width: 320, height: 568 }]) {
    await page.setViewportSize(viewport);
    await page.getByTestId('week-day').first().waitFor();
    expect((await places()).list).toBeNull();
    expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  }
  await page.locator(`[data-testid=week-day][data-date="${inWeek(5)}"]`).click();
  expect(await page.getByTestId('shifts-slot').allTextContents()).toHaveLength(2);
  await page.getByTestId('plan-view-list').click();
  await expect.poll(async () => (await places()).week, patiently).toBeNull();
  expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  await page.setViewportSize(desktop.viewport);

  // One counsellor alone, in the week and in the list.
  await page.getByTestId('plan-who').selectOption({ label: 'Sofie' });
  await expect.poll(() => page.getByTestId('shift').count(), patiently).toBe(1);
  expect((await page.getByTestId('shifts-slot').allTextContents()).join()).not.toContain('Mikkel');
  await page.getByTestId('shifts-week-today').click();
  await isWeek(page, inWeek(1, 0));
  expect(complaints).toEqual([]);
}, 120_000);

test('the single shifts of a week are copied to another, and what cannot be there is said', async () => {
  const { page, complaints } = await atTheShifts(browser, house);
  await page.getByTestId('shifts-week-next').click();
  await isWeek(page, inWeek(1));
  const before = await page.getByTestId('shift').count();
  await expectDialogReturns(page, page.getByTestId('week-copy'));
  await page.getByTestId('week-copy').click();
  await expectNoBarrier(page);
  await page.setViewportSize(desktop.viewport);
  await page.getByTestId('copy-day').fill(inWeek(4, 3));
  await page.getByTestId('copy-apply').click();
  const outcome = page.getByTestId('shifts-outcome');
  await expect.poll(() => outcome.textContent(), patiently).toContain('Nye vagter: 3');
  await isWeek(page, inWeek(1, 3));
  await expect.poll(() => page.getByTestId('shift').count(), patiently).toBe(before + 3);
  expect(await block(page, '14.00').textContent()).toMatch(/Sofie.*Ledig/s);

  // Once more overlaps, each by name.
  await page.getByTestId('shifts-week-before').click();
  await page.getByTestId('shifts-week-before').click();
  await isWeek(page, inWeek(1));
  await page.getByTestId('week-copy').click();
  await page.getByTestId('copy-day').fill(inWeek(4, 3));
  await page.getByTestId('copy-apply').click();
  await expect.poll(() => outcome.textContent(), patiently).toContain('Nye vagter: 0');
  const refused = page.getByTestId('copy-refused').locator('li');
  expect(await refused.count()).toBe(3);
  expect(await refused.first().textContent()).toMatch(/14\.00.*allerede en vagt/s);
  expect(complaints).toEqual([]);
}, 120_000);
