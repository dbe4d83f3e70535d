import type { Browser, Page } from 'playwright-core';
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
}, 120_000);
afterAll(async () => {
  await browser.close();
  await house.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const valueAt = (page: Page, testid: string) => page.getByTestId(testid).inputValue();

test('a shift is changed: who has booked comes along, and is asked for anew when somebody has cancelled', async () => {
  const comes = await booksTime(browser, house);
  const leaves = await booksTime(browser, house);
  const { page, complaints } = await atTheShifts(browser, house);

  // The form has what is planned.
  await page.getByTestId('shift-edit').click();
  expect(await page.getByTestId('shift-who').locator('option:checked').textContent()).toBe('Sofie');
  expect(await valueAt(page, 'shift-date')).toBe(dateAhead(3));
  expect([await valueAt(page, 'shift-start'), await valueAt(page, 'shift-end')]).toEqual([
    ...['14:00', '17:00']
  ]);
  await page.getByTestId('shift-start').fill('14:30');
  await page.getByTestId('shift-end').fill('17:30');
  await page.getByTestId('shift-submit').click();
  const concerned = page.getByTestId('shifts-concerned');
  await concerned.waitFor();
  expect(await concerned.getAttribute('data-count')).toBe('2');
  expect(await page.getByTestId('proposal-row').first().textContent()).toMatch(
    /14\.00.*Sofie.*14\.30.*Sofie/s
  );
  expect(await page.getByTestId('shift').textContent()).toContain('14.00–17.00');
  await expectNoBarrier(page);
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  await page.setViewportSize(desktop.viewport);

  await leaves.getByTestId('booking-cancel').click();
  await leaves.getByTestId('booking-cancel-confirm').click();
  await isTicket(leaves, 'cancelled');
  await page.getByTestId('concerned-apply').click();
  await page.getByTestId('concerned-again').waitFor();
  expect(await concerned.getAttribute('data-count')).toBe('1');
  expect(await page.getByTestId('shift').textContent()).toContain('14.00–17.00');
  await page.getByTestId('concerned-apply').click();
  const outcome = page.getByTestId('shifts-outcome');
  await outcome.waitFor();
  expect(await outcome.textContent()).toContain('Flyttet: 1. Aflyst: 0.');
  await expect.poll(() => page.getByTestId('shift').textContent()).toContain('14.30–17.30');
  await comes.reload();
  await isTicket(comes, 'moved-by-us');
  expect(await comes.getByTestId('ticket').textContent()).toMatch(/14\.30.*Sofie/s);

  // What is only added to keeps everybody where they are.
  await page.getByTestId('shift-edit').click();
  await page.getByTestId('shift-end').fill('19:30');
  await page.getByTestId('shift-submit').click();
  await expect.poll(() => page.getByTestId('shift').textContent()).toContain('14.30–19.30');
  expect(await outcome.textContent()).not.toContain('Flyttet');
  // Shorter again: the booking stays, and only what nobody has goes.
  await page.getByTestId('shift-edit').click();
  await page.getByTestId('shift-end').fill('15:30');
  await page.getByTestId('shift-submit').click();
  await expect.poll(() => page.getByTestId('shift').textContent()).toContain('14.30–15.30');

  // Removed with its booking: cancelled, since nobody else is there; and it can be put back.
  await page.getByTestId('shift-remove').click();
  await concerned.waitFor();
  expect(await page.getByTestId('proposal').getAttribute('data-placeless')).toBe('1');
  await page.getByTestId('concerned-leave').click();
  await expect.poll(() => concerned.count(), patiently).toBe(0);
  await page.getByTestId('shift-remove').click();
  await page.getByTestId('concerned-apply').click();
  await page.getByTestId('shifts-none').waitFor();
  await comes.reload();
  await isTicket(comes, 'cancelled-by-us');
  await page.getByTestId('shifts-put-back').click();
  await expect.poll(() => page.getByTestId('shift').textContent()).toContain('14.30–15.30');
  expect(complaints).toEqual([]);
}, 120_000);

test('what is wrong is said at its field, which has the focus, and nothing is lost', async () => {
  await plan(house, 'Mikkel', { start: '10:00', end: '11:00' });
  const { page, complaints } = await atTheShifts(browser, house);
  await page.getByTestId('shifts-add').click();
  const refused = page.getByTestId('shift-refusal');
  /** Sends the form. @returns what is refused, with what has the focus */
  const submits = async (refusal: string) => {
    await page.getByTestId('shift-submit').click();
    await expect.poll(() => refused.getAttribute('data-refusal'), patiently).toBe(refusal);
    const at = () =>
      page.evaluate(() => {
        const field = document.activeElement;
        const about = field?.getAttribute('aria-describedby')?.split(' ') ?? [];
        const group = field?.closest('[data-wrong]');
        const words = group ?? document.getElementById(about.at(-1) ?? '');
        return {
          testid: field?.closest('[data-testid]')?.getAttribute('data-testid'),
          says: words?.querySelector('svg') !== null && (words?.textContent ?? '') !== ''
        };
      });
    await expect.poll(async () => (await at()).says, patiently).toBe(true);
    return (await at()).testid;
  };

  expect(await submits('nobody-chosen')).toBe('shift-who');
  await page.getByTestId('shift-who').selectOption({ label: 'Mikkel' });
  expect(await submits('no-day-chosen')).toBe('shift-weekday-1');
  await page.getByTestId('shift-once').click();
  await page.getByTestId('shift-date').fill(dateAhead(3));
  expect(await submits('no-time-chosen')).toBe('shift-start');
  await page.getByTestId('shift-start').fill('12:00');
  await page.getByTestId('shift-end').fill('10:30');
  expect(await submits('end-before-start')).toBe('shift-end');
  await page.getByTestId('shift-start').fill('10:30');
  await page.getByTestId('shift-end').fill('10:40');
  expect(await submits('slot-does-not-fit')).toBe('shift-end');
  await page.getByTestId('shift-end').fill('12:00');
  expect(await submits('shift-overlaps')).toBe('shift-start');
  await page.getByTestId('shift-place-house').click();
  expect(await submits('place-without-address')).toBe('shift-address');
  await page.getByTestId('shift-address').fill('Havnegade 1');
  await page.getByTestId('shift-place-drop-in').click();
  expect(await submits('place-without-address')).toBe('shift-place-name');
  await page.getByTestId('shift-place-name').fill('Biblioteket');
  await page.getByTestId('shift-date').fill(dateAhead(-2));
  expect(await submits('date-in-past')).toBe('shift-date');
  await page.getByTestId('shift-date').fill(dateAhead(800));
  expect(await submits('date-too-far')).toBe('shift-date');
  await page.getByTestId('shift-date').fill(dateAhead(3));
  // Folded away, it opens.
  await page.getByTestId('shift-more').click();
  await page.getByTestId('shift-language-da').click();
  await page.getByTestId('shift-more').click();
  expect(await submits('no-language')).toBe('shift-language-da');
  await expectNoBarrier(page);
  await page.setViewportSize(desktop.viewport);
  await page.getByTestId('shift-language-da').click();
  await page.getByTestId('shift-start').fill('13:00');
  await page.getByTestId('shift-end').fill('14:00');
  await page.getByTestId('shift-submit').click();
  await page.getByTestId('shift').filter({ hasText: 'Biblioteket · Havnegade 1' }).waitFor();
  expect(complaints).toEqual([]);
}, 120_000);
