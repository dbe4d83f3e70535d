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
  await plan(house, 'Sofie', { when: { repeats: 'once', date: dateAhead(3) } });
  await plan(house, 'Mikkel', {
    when: { repeats: 'once', date: dateAhead(3) },
    start: '18:00',
    end: '19:00'
  });
  // Somewhere else: nobody who has booked a chat is sent there.
  await plan(house, 'Mikkel', {
    when: { repeats: 'once', date: dateAhead(4) },
    offer: { place: { kind: 'house', address: 'Havnegade 1' } }
  });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await house.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

test('somebody is ill: the lead sees where the bookings could go, and does all of it in one step', async () => {
  const moved = await booksTime(browser, house);
  const placeless = await booksTime(browser, house);
  const leaves = await booksTime(browser, house);

  const { page, complaints } = await atTheShifts(browser, house);
  await page.getByTestId('shifts-ill').click();
  const refusal = page.getByTestId('ill-refusal');
  await page.getByTestId('ill-propose').click();
  expect(await refusal.getAttribute('data-refusal')).toBe('nobody-chosen');
  await page.getByTestId('ill-who').selectOption({ label: 'Sofie' });
  await page.getByTestId('ill-from').fill(dateAhead(3));
  await page.getByTestId('ill-until').fill(dateAhead(2));
  await page.getByTestId('ill-propose').click();
  await expect.poll(() => refusal.getAttribute('data-refusal'), patiently).toBe('end-before-start');
  await page.getByTestId('ill-until').fill('');
  await page.getByTestId('ill-propose').click();
  const proposal = page.getByTestId('proposal');
  await expect.poll(() => proposal.getAttribute('data-count'), patiently).toBe('3');
  expect(await proposal.getAttribute('data-placeless')).toBe('2');
  const rows = page.getByTestId('proposal-row');
  expect(await rows.first().textContent()).toMatch(/14\.00.*Sofie.*En snak.*18\.00.*Mikkel/s);
  expect(await rows.nth(1).textContent()).toContain('Aflyses');
  await expectNoBarrier(page);
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  await page.setViewportSize(desktop.viewport);

  // Other days are another question: what was proposed is not offered for them.
  await page.getByTestId('ill-from').fill(dateAhead(5));
  await expect.poll(() => page.getByTestId('ill-apply').count(), patiently).toBe(0);
  await page.getByTestId('ill-from').fill(dateAhead(3));

  // One of them cancels meanwhile: nothing is done, and there is a new proposal.
  await leaves.getByTestId('booking-cancel').click();
  await leaves.getByTestId('booking-cancel-confirm').click();
  await isTicket(leaves, 'cancelled');
  await page.getByTestId('ill-apply').click();
  await expect
    .poll(() => refusal.getAttribute('data-refusal'), patiently)
    .toBe('proposal-outdated');
  expect(await proposal.getAttribute('data-count')).toBe('2');
  await moved.reload();
  await isTicket(moved, 'planned');

  expect(await page.getByTestId('ill-apply').textContent()).toContain('Flyt 1 og aflys 1');
  await page.getByTestId('ill-apply').click();
  const outcome = page.getByTestId('shifts-outcome');
  await outcome.waitFor();
  expect(await outcome.textContent()).toMatch(/Sofie kan ikke bookes.*Flyttet: 1\. Aflyst: 1\./s);
  expect(await outcome.textContent()).toContain('når de åbner deres billet');
  expect(complaints).toEqual([]);

  // What they see first: where their time is now, or that it is gone, with a way on.
  await moved.reload();
  await isTicket(moved, 'moved-by-us');
  const first = (of: typeof moved) => of.getByTestId('ticket').getByRole('status').first();
  expect(await first(moved).textContent()).toMatch(/Vi har flyttet din tid.*14\.00/s);
  expect(await moved.getByTestId('ticket').textContent()).toMatch(/18\.00.*Mikkel/s);
  await placeless.reload();
  await isTicket(placeless, 'cancelled-by-us');
  expect(await first(placeless).textContent()).toContain('Vi måtte aflyse din tid');
  await placeless.getByRole('button', { name: 'Book en tid mere' }).click();
  // Nothing of Sofie's is offered, and there is something to choose.
  await placeless.getByTestId('who-young').click();
  await placeless.getByTestId('age-under-18').click();
  await placeless.getByTestId('slot').first().waitFor();
  expect((await placeless.getByTestId('slot').allTextContents()).join()).not.toContain('Sofie');
}, 120_000);
