import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { seePlannedWeek } from '#shared/plan/calls.ts';
import { startApp } from '#tests/support/app.ts';
import { openBrowser } from '#tests/support/browser.ts';
import { atTheShifts } from '#tests/support/lead-pages.ts';
import { valueOf } from '#tests/support/people.ts';
import { aLead } from '#tests/support/planned.ts';

const patiently = { timeout: 15_000 };
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(() => browser.close());
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

/** Types a day into its field, in whichever order the browser asks for day and month. */
async function typesDate(page: Page, testid: string, date: string): Promise<void> {
  const [year = '', month = '', day = ''] = date.split('-');
  const field = page.getByTestId(testid);
  for (const keys of [day + month + year, month + day + year]) {
    await field.focus();
    await page.keyboard.type(keys);
    if ((await field.inputValue()) === date) return;
    await field.fill('');
    await field.blur();
  }
  throw new Error(`${date} cannot be typed`);
}

/** Types an hour; where the browser asks for the half of the day as well, the morning. */
async function types(page: Page, testid: string, keys: string): Promise<void> {
  const field = page.getByTestId(testid);
  await field.focus();
  await page.keyboard.type(keys);
  if ((await field.inputValue()) === '') await page.keyboard.type('A');
}

test.each([
  {
    ...{ change: 'March', now: '2027-03-15T09:00Z', sunday: '2027-03-28' },
    ...{ weeks: ['2027-03-15', '2027-03-22'], starts: ['13:00', '12:00'] },
    ...{ refusal: 'hour-does-not-exist', says: 'stilles uret frem' }
  },
  {
    ...{ change: 'October', now: '2027-10-18T09:00Z', sunday: '2027-10-31' },
    ...{ weeks: ['2027-10-18', '2027-10-25'], starts: ['12:00', '13:00'] },
    ...{ refusal: 'hour-twice', says: 'stilles uret tilbage' }
  }
])(
  'over the last Sunday of $change the wall clock is kept, and an hour that is not one is refused',
  async ({ now, sunday, weeks, starts, refusal, says }) => {
    const ahead = Date.parse(now) - Date.now();
    const house = await startApp({ clock: { now: () => Date.now() + ahead } });
    const { page, complaints } = await atTheShifts(browser, house, Date.parse(now));

    // Every Sunday at two in the afternoon, by keyboard.
    // In the year from that October two public holidays fall on one day (5 June 2028): it is proposed once.
    const june = page.getByTestId('holiday').filter({ hasText: 'Grundlovsdag' });
    await june.waitFor();
    const isBoth = (await june.getAttribute('data-date')) === '2028-06-05';
    expect(await june.textContent()).toContain(
      isBoth ? '2. pinsedag og Grundlovsdag' : 'Grundlovsdag'
    );

    await page.getByTestId('shifts-add').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('shift-who').focus();
    await page.keyboard.type('Sofie');
    await page.getByTestId('shift-weekday-7').locator('input').focus();
    await page.keyboard.press('Space');
    await types(page, 'shift-start', '1400');
    await types(page, 'shift-end', '1500');
    await page.keyboard.press('Enter');
    await page.getByTestId('shift').waitFor();

    const lead = await aLead(house);
    for (const [at, monday] of weeks.entries()) {
      const { slots } = await valueOf(lead.ask(seePlannedWeek, { monday }));
      expect(slots.map(({ start }) => new Date(start).toISOString().slice(11, 16))).toEqual([
        starts[at]
      ]);
      await expect
        .poll(() => page.getByTestId('shifts-week').getAttribute('data-monday'), patiently)
        .toBe(monday);
      await page.getByTestId('shifts-slot').filter({ hasText: '14.00' }).waitFor();
      await page.getByTestId('shifts-week-next').click();
    }
    lead.leave();

    // Half past two that night: not there, or there twice.
    await page.getByTestId('shifts-add').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('shift-who').focus();
    await page.keyboard.type('Mikkel');
    await page.getByTestId('shift-once').locator('input').focus();
    await page.keyboard.press('Space');
    await typesDate(page, 'shift-date', sunday);
    await types(page, 'shift-start', '0230');
    await types(page, 'shift-end', '0430');
    await page.keyboard.press('Enter');
    const refused = page.getByTestId('shift-refusal');
    await expect.poll(() => refused.getAttribute('data-refusal'), patiently).toBe(refusal);
    expect(await refused.textContent()).toContain(says);
    const start = page.getByTestId('shift-start');
    await expect
      .poll(() => start.evaluate((field) => field === document.activeElement), patiently)
      .toBe(true);
    expect(await start.getAttribute('aria-invalid')).toBe('true');
    // The field has the focus: the hour is typed over, and nothing else was lost.
    await page.keyboard.type('0330');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=shift][data-name=Mikkel]').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
    await house.stop();
  },
  90_000
);
