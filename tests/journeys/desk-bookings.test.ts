import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { begins, books, inDatabase, signsIn, ticketIs } from '#tests/support/at-the-desk.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aPage, desktop, phone } from '#tests/support/browser.ts';
import { plan } from '#tests/support/planned.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });

const house = { kind: 'house', address: 'Skolevej 1' } as const;
/** As long as something that was said can be taken back, and a little more. */
const laterOn = 6_500;

const row = (desk: Page, state: string) =>
  desk.locator(`[data-testid=day-booking][data-state="${state}"]`);
const focused = (page: Page, testid: string) =>
  page.waitForFunction(
    (wanted) => document.activeElement?.matches(`[data-testid=${wanted}]`),
    testid
  );
const clipSays = (page: Page, came: string) =>
  page.locator(`[data-testid=ticket-clip][data-came=${came}]`).waitFor({ timeout: 20_000 });

/** Clips on the card as this tab keeps it; those bound to a booking are not on it. */
const clipsIn = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem('frirum-card') ?? '{}') as {
      card?: { clips: unknown[] } | null;
    };
    return kept.card?.clips.length ?? 0;
  });

test('who comes to the house is known by two words, and how it went settles the clip on their own device', async () => {
  const { page: desk, complaints } = await signsIn(browser, server, 'mikkel');
  await desk.getByTestId('day-none').waitFor();
  await expectNoBarrier(desk);
  await desk.setViewportSize(desktop.viewport);

  await plan(server, 'Mikkel', { end: '20:00', offer: { place: house } });
  const { page: young } = await aPage(browser, phone);
  await books(young, server);
  const words = await young.locator('.words span').allTextContents();
  expect(words).toHaveLength(2);
  await desk.reload();
  await row(desk, 'planned').waitFor();
  expect(await desk.getByTestId('day-words').innerText()).toContain(words.join(' · '));
  expect(await row(desk, 'planned').innerText()).toMatch(/Ung, under 18[\s\S]*Skolevej 1/);
  // Nothing can be said before it has begun.
  expect(await desk.getByTestId('day-took-place').count()).toBe(0);

  begins(server, 5);
  await desk.reload();
  await desk.getByTestId('day-missed').focus();
  await desk.keyboard.press('Enter');
  await focused(desk, 'day-undo');
  await desk.keyboard.press('Enter');
  await focused(desk, 'day-took-place');
  await desk.clock.fastForward(laterOn);
  await desk.reload();
  // What was taken back was never said.
  await row(desk, 'planned').waitFor();
  await expectNoBarrier(desk);
  await desk.setViewportSize({ width: 320, height: 568 });
  for (const pane of ['queue', 'day']) {
    await desk.getByTestId(`pane-${pane}`).click();
    expect(await sideways(desk), pane).toEqual({ page: 0, wide: [] });
  }
  await desk.setViewportSize(desktop.viewport);
  await desk.getByTestId('day-took-place').click();
  await desk.getByTestId('day-undo').waitFor();
  await desk.clock.fastForward(laterOn);
  await row(desk, 'took-place').waitFor();

  await young.reload();
  await ticketIs(young, 'took-place');
  await clipSays(young, 'card');
  expect(await clipsIn(young)).toBe(4);
  await young.getByTestId('ticket-forget').click();

  await books(young, server);
  expect(await clipsIn(young)).toBe(3);
  await clipSays(young, 'held');
  begins(server, 5);
  await desk.reload();
  await desk.getByTestId('day-took-place').click();
  await desk.getByTestId('day-undo').waitFor();
  // The page is closed before it is sent: it counts all the same.
  await desk.reload();
  await expect.poll(() => row(desk, 'took-place').count()).toBe(2);
  await young.reload();
  await clipSays(young, 'used');
  expect(await clipsIn(young)).toBe(3);
  await expectNoBarrier(young);
  await young.getByTestId('ticket-forget').click();

  await books(young, server);
  expect(await clipsIn(young)).toBe(2);
  begins(server, 5);
  await desk.reload();
  await desk.getByTestId('day-missed').click();
  await desk.clock.fastForward(laterOn);
  await row(desk, 'missed').waitFor();
  await young.reload();
  await ticketIs(young, 'missed');
  await clipSays(young, 'held');
  await young.getByTestId('booking-move').click();
  await young.getByTestId('slot').first().click();
  await young.getByTestId('book-confirm').click();
  await ticketIs(young, 'planned');
  await young.getByTestId('booking-cancel').click();
  await young.getByTestId('booking-cancel-confirm').click();
  await ticketIs(young, 'cancelled');
  await clipSays(young, 'back');
  expect(await clipsIn(young)).toBe(3);
  expect(complaints).toEqual([]);
}, 240_000);

test('what can no longer be said is refused by name: said already, moved meanwhile, gone', async () => {
  const { page: young } = await aPage(browser, phone);
  await books(young, server);
  begins(server, 5);
  const { page: desk } = await signsIn(browser, server, 'mikkel');
  const { page: second } = await signsIn(browser, server, 'mikkel');
  const refused = (page: Page, why: string) =>
    page.locator(`[data-testid=day] [data-refusal=${why}]`).waitFor();
  const says = async (page: Page, how: string) => {
    await page.getByTestId(how).click();
    await page.getByTestId('day-undo').waitFor();
    await page.clock.fastForward(laterOn);
  };
  await second.getByTestId('day-missed').waitFor();
  await says(desk, 'day-took-place');
  await desk.getByTestId('day-took-place').waitFor({ state: 'detached' });
  await says(second, 'day-missed');
  await refused(second, 'said');

  const { page: another } = await aPage(browser, phone);
  await books(another, server);
  begins(server, 5);
  await desk.reload();
  await second.reload();
  await desk.getByTestId('day-missed').waitFor();
  await second.getByTestId('day-missed').waitFor();
  begins(server, -24 * 60);
  await says(desk, 'day-took-place');
  await refused(desk, 'moved');
  inDatabase(server, "DELETE FROM booking WHERE state = 'planned'");
  await says(second, 'day-missed');
  await refused(second, 'gone');
  await second.getByTestId('day-missed').waitFor({ state: 'detached' });
}, 120_000);
