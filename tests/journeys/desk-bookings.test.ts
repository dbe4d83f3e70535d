import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aPage, openBrowser, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk } from '#tests/support/journey.ts';
import { plan, soon } from '#tests/support/planned.ts';
import { ServerProcess } from '#tests/support/server-process.ts';

let browser: Browser;
let server: ServerProcess;
beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), ServerProcess.start()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.remove();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const house = { kind: 'house', address: 'Skolevej 1' } as const;

/** The time of what is planned and booked comes now: it began so many minutes ago. */
function begins(minutesAgo: number): void {
  const database = new DatabaseSync(join(server.data, 'frirum.sqlite'));
  database.exec('PRAGMA busy_timeout = 5000');
  database
    .prepare(
      `UPDATE slot SET start = ? - id WHERE id IN
         (SELECT slot FROM booking WHERE state IN ('planned', 'moved-by-us'))`
    )
    .run(Date.now() - minutesAgo * 60_000);
  database.close();
}

const isState = (page: Page, state: string) =>
  page.locator(`[data-testid=ticket][data-state="${state}"]`).first().waitFor({ timeout: 20_000 });

async function books(page: Page): Promise<void> {
  await page.goto(`${server.origin}/book#young`);
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('slot').first().click();
  await page.getByTestId('book-confirm').click();
  await isState(page, 'planned');
}

const row = (desk: Page, state: string) =>
  desk.locator(`[data-testid=day-booking][data-state="${state}"]`);

test('whoever comes to the house: heard by two words, marked by keyboard, taken back, and told by name', async () => {
  const desk = await aCounsellorAtTheDesk(browser, server);
  await desk.page.getByTestId('day-none').waitFor();
  await expectNoBarrier(desk.page);

  await plan(server, 'Mikkel', { ...soon(40), offer: { place: house } });
  const visitor = await aPage(browser, phone);
  await books(visitor.page);
  const words = await visitor.page.locator('.words span').allTextContents();
  expect(words).toHaveLength(2);
  await desk.page.reload();
  await row(desk.page, 'planned').waitFor();
  expect(await desk.page.getByTestId('day-words').innerText()).toContain(words.join(' · '));
  expect(await row(desk.page, 'planned').innerText()).toMatch(/Ung, under 18[\s\S]*Skolevej 1/);
  // Nothing to be said before it has begun.
  expect(await desk.page.getByTestId('day-took-place').count()).toBe(0);

  begins(5);
  await desk.page.reload();
  await desk.page.getByTestId('day-missed').focus();
  await desk.page.keyboard.press('Enter');
  await desk.page.waitForFunction(() => document.activeElement?.matches('[data-testid=day-undo]'));
  await desk.page.keyboard.press('Enter');
  await desk.page.waitForFunction(() =>
    document.activeElement?.matches('[data-testid=day-took-place]')
  );
  await expectNoBarrier(desk.page);
  await desk.page.setViewportSize({ width: 320, height: 568 });
  for (const pane of ['queue', 'day']) {
    await desk.page.getByTestId(`pane-${pane}`).click();
    expect(await sideways(desk.page), pane).toEqual({ page: 0, wide: [] });
  }
  expect(desk.complaints).toEqual([]);
}, 120_000);
