import type { Browser, Page } from 'playwright-core';
import { aPage, desktop, phone } from './browser.ts';
import type { RunningApp } from './app.ts';

type House = Pick<RunningApp, 'origin' | 'password'>;

/** Somebody of the staff at `/desk`, signed in with a password. */
export async function atTheDesk(browser: Browser, house: House, name = 'karen') {
  const person = await aPage(browser, desktop);
  await signInAt(person.page, house, '/desk', name);
  return person;
}

/** The lead where shifts are planned. @param now when it is there; else it is now */
export async function atTheShifts(browser: Browser, house: House, now: number | null = null) {
  const person = await aPage(browser, desktop);
  if (now !== null) await person.context.clock.setFixedTime(now);
  await signInAt(person.page, house, '/desk/shifts', 'karen');
  await person.page.getByTestId('shifts-add').waitFor();
  return person;
}

async function signInAt(page: Page, house: House, path: string, name: string): Promise<void> {
  page.setDefaultTimeout(15_000);
  await page.goto(house.origin + path);
  await page.getByTestId('sign-in-name').fill(name);
  await page.getByTestId('sign-in-password').fill(house.password(name));
  await page.getByTestId('sign-in-submit').click();
}

/** A young person on a phone who sees what times are free. */
export async function atFreeTimes(browser: Browser, house: House): Promise<Page> {
  // Where the house is, so that both read the same clock.
  const { page } = await aPage(browser, { ...phone, timezoneId: 'Europe/Copenhagen' });
  page.setDefaultTimeout(15_000);
  await page.goto(`${house.origin}/book`);
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  return page;
}

/** Books the time that comes so many places after the first. */
export async function booksTime(browser: Browser, house: House, place = 0): Promise<Page> {
  const page = await atFreeTimes(browser, house);
  await page.getByTestId('slot').nth(place).click();
  await page.getByTestId('book-confirm').click();
  await isTicket(page, 'planned');
  return page;
}

export const isTicket = (page: Page, state: string): Promise<void> =>
  page.locator(`[data-testid=ticket][data-state="${state}"]`).first().waitFor();
