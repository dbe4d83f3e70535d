import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { desktop, wholeChromium } from '#tests/support/browser.ts';
import { atFreeTimes, atTheDesk } from '#tests/support/lead-pages.ts';
import { dateAhead } from '#tests/support/planned.ts';

const patiently = { timeout: 15_000 };
// With fields for the time as they are in Danish.
const { browser, server } = await browserAndServer({
  chromium: wholeChromium,
  everybodyLeaves: true
});

async function opensShifts(page: Page): Promise<void> {
  await page.getByTestId('desk-shifts').click();
  await page.getByTestId('shifts-add').waitFor();
}

/** Goes on by Tab until this has the focus. */
async function tabTo(page: Page, testid: string): Promise<void> {
  for (let steps = 0; steps < 40; steps += 1) {
    const at = await page.evaluate(
      () => document.activeElement?.closest('[data-testid]')?.getAttribute('data-testid') ?? ''
    );
    if (at === testid) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${testid}`);
}

const refusalOf = (page: Page, testid: string) =>
  page.getByTestId(testid).getAttribute('data-refusal', { timeout: 15_000 });

test('a lead plans a weekly shift by keyboard, and it can be booked and not be taken away', async () => {
  const { page, complaints } = await atTheDesk(browser, server);
  await opensShifts(page);
  await page.getByTestId('shifts-none').waitFor();
  await expectNoBarrier(page);
  await page.setViewportSize(desktop.viewport);

  await tabTo(page, 'shifts-add');
  await page.keyboard.press('Enter');
  // Three fields are enough, and nothing is lost by what is missing.
  await tabTo(page, 'shift-submit');
  await page.keyboard.press('Enter');
  expect(await refusalOf(page, 'shift-refusal')).toBe('nobody-chosen');
  await expectNoBarrier(page);
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  await page.setViewportSize(desktop.viewport);

  await page.getByTestId('shift-who').focus();
  await page.keyboard.type('Sofie');
  await tabTo(page, 'shift-weekday-1');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await tabTo(page, 'shift-start');
  await page.keyboard.type('1700');
  await tabTo(page, 'shift-end');
  await page.keyboard.type('1400');
  await page.keyboard.press('Enter');
  await expect.poll(() => refusalOf(page, 'shift-refusal'), patiently).toBe('end-before-start');
  await page.getByTestId('shift-start').focus();
  await page.keyboard.type('1300');
  await page.keyboard.press('Enter');
  const outcome = page.getByTestId('shifts-outcome');
  await outcome.waitFor();
  expect(await outcome.getAttribute('data-of')).toBe('saved');
  expect(Number(await outcome.getAttribute('data-slots'))).toBeGreaterThan(3);
  const shift = page.getByTestId('shift');
  expect(await shift.textContent()).toMatch(/Sofie.*hver tirsdag 13\.00–14\.00/);
  // The focus is where the next one begins.
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  await expect.poll(focused).toBe('shifts-add');

  const visitor = await atFreeTimes(browser, server);
  await visitor.getByTestId('slot').first().click();
  await visitor.getByTestId('book-confirm').click();
  await visitor.locator('[data-testid=ticket][data-state=planned]').first().waitFor();

  // Somebody has booked: nothing is removed, and who is concerned is said.
  await page.getByTestId('shift-remove').focus();
  await page.keyboard.press('Enter');
  const concerned = page.getByTestId('shifts-concerned');
  await concerned.waitFor();
  expect(await concerned.getAttribute('data-count')).toBe('1');
  expect(await concerned.textContent()).toMatch(/13\.00.*Sofie.*En snak/s);
  expect(await shift.count()).toBe(1);
  // The week with the booking says so in words.
  const booked = page.getByTestId('shifts-slot').filter({ hasText: 'Booket' });
  if ((await booked.count()) === 0) await page.getByTestId('shifts-week-next').click();
  await booked.waitFor();
  await expectNoBarrier(page);
  expect(complaints).toEqual([]);
}, 180_000);

test('a single shift at a drop-in: refused without an address, planned, removed and put back', async () => {
  const { page, complaints } = await atTheDesk(browser, server);
  await opensShifts(page);
  await page.getByTestId('shifts-add').click();
  await page.getByTestId('shift-who').selectOption({ label: 'Mikkel' });
  await page.getByTestId('shift-once').click();
  await page.getByTestId('shift-date').fill(dateAhead(-3));
  await page.getByTestId('shift-start').fill('15:00');
  await page.getByTestId('shift-end').fill('16:00');
  await page.getByTestId('shift-place-drop-in').click();
  await page.getByTestId('shift-place-name').fill('Ungdomshuset');
  await page.getByTestId('shift-submit').click();
  await expect
    .poll(() => refusalOf(page, 'shift-refusal'), patiently)
    .toBe('place-without-address');
  expect(await page.getByTestId('shift-refusal').textContent()).toContain('Skriv, hvor det er');
  await page.getByTestId('shift-address').fill('Havnegade 1');
  await page.getByTestId('shift-submit').click();
  await expect.poll(() => refusalOf(page, 'shift-refusal'), patiently).toBe('date-in-past');
  await page.getByTestId('shift-date').fill(dateAhead(4));
  await page.getByTestId('shift-submit').click();
  const row = page.locator('[data-testid=shift][data-name=Mikkel]');
  await row.waitFor();
  expect(await row.textContent()).toContain('Ungdomshuset · Havnegade 1');

  // The same again overlaps.
  await page.getByTestId('shifts-add').click();
  await page.getByTestId('shift-who').selectOption({ label: 'Mikkel' });
  await page.getByTestId('shift-once').click();
  await page.getByTestId('shift-date').fill(dateAhead(4));
  await page.getByTestId('shift-start').fill('15:30');
  await page.getByTestId('shift-end').fill('17:00');
  await page.getByTestId('shift-submit').click();
  await expect.poll(() => refusalOf(page, 'shift-refusal'), patiently).toBe('shift-overlaps');
  await page.reload();

  await row.getByTestId('shift-remove').click();
  await expect.poll(() => row.count(), patiently).toBe(0);
  const outcome = page.getByTestId('shifts-outcome');
  expect(await outcome.getAttribute('data-slots')).toBe('0');
  await page.getByTestId('shifts-put-back').click();
  await row.waitFor();
  await expect.poll(() => outcome.getAttribute('data-slots'), patiently).toBe('1');

  // Closed on that day: nothing is offered until it is open again.
  await page.getByTestId('closed-submit').click();
  expect(await refusalOf(page, 'closed-refusal')).toBe('no-day-chosen');
  await page.getByTestId('closed-from').fill(dateAhead(4));
  await page.getByTestId('closed-name').fill('Ferie');
  await page.getByTestId('closed-submit').click();
  const closed = page.locator(`[data-testid=closed-days][data-from="${dateAhead(4)}"]`);
  await closed.waitFor();
  const whileClosed = Number(await outcome.getAttribute('data-slots'));
  await closed.getByTestId('closed-open').click();
  await expect.poll(() => closed.count(), patiently).toBe(0);
  expect(Number(await outcome.getAttribute('data-slots'))).toBeGreaterThan(whileClosed);
  expect(complaints).toEqual([]);
}, 180_000);

test('a counsellor has no link there, and the page is only for leads', async () => {
  const { page } = await atTheDesk(browser, server, 'sofie');
  await page.getByTestId('shift-start').waitFor();
  expect(await page.getByTestId('desk-shifts').count()).toBe(0);
  await page.goto(`${server.origin}/en/desk/shifts`);
  await page.getByTestId('team-only-leads').waitFor();
}, 60_000);
