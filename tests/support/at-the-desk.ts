import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { aPage, desktop } from './browser.ts';
import type { ServerProcess } from './server-process.ts';

/** Somebody of the staff at a device of their own, whose clock can be put forward; not on shift. */
export async function signsIn(browser: Browser, server: ServerProcess, name: string) {
  const person = await aPage(browser, desktop);
  const { page } = person;
  await page.clock.install();
  await page.goto(`${server.origin}/desk`);
  await page.getByTestId('sign-in-name').fill(name);
  await page.getByTestId('sign-in-password').fill(server.password(name));
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('day').waitFor();
  return person;
}

/** What the house has written down is changed behind its back, as time or somebody else would. */
export function inDatabase(server: ServerProcess, statement: string, ...values: number[]): void {
  const database = new DatabaseSync(join(server.data, 'frirum.sqlite'));
  database.exec('PRAGMA busy_timeout = 5000');
  database.prepare(statement).run(...values);
  database.close();
}

/** Whoever is still expected is expected now: each time began so many minutes ago, or is to begin. */
export const begins = (server: ServerProcess, minutesAgo: number): void =>
  inDatabase(
    server,
    `UPDATE slot SET start = ? - id WHERE id IN
       (SELECT slot FROM booking WHERE state IN ('planned', 'moved-by-us'))`,
    Date.now() - minutesAgo * 60_000
  );

/** A ticket as its holder sees it, on whatever page it is. */
export const ticketIs = (page: Page, state: string): Promise<void> =>
  page.locator(`[data-testid=ticket][data-state="${state}"]`).first().waitFor({ timeout: 20_000 });

/** The first free time, for a young person. */
export async function books(page: Page, server: ServerProcess): Promise<void> {
  await page.goto(`${server.origin}/book#young`);
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('slot').first().click();
  await page.getByTestId('book-confirm').click();
  await ticketIs(page, 'planned');
}
