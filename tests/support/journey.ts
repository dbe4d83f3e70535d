import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { aPage, desktop, phone } from './browser.ts';
import type { ServerProcess } from './server-process.ts';

type Profile = NonNullable<Parameters<Browser['newContext']>[0]>;

/** A young person on a phone who has said who they are and waits. */
export async function aYoungPerson(
  browser: Browser,
  server: Pick<ServerProcess, 'origin'>,
  profile: Profile = phone,
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve()
) {
  const person = await aPage(browser, profile);
  const { page } = person;
  await prepare(page);
  await page.goto(server.origin);
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('topic-angry-parents').click();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  return { ...person, talk: new Talk(page.locator('body')) };
}

/** A counsellor signed in at the desk, on shift. */
export async function aCounsellorAtTheDesk(
  browser: Browser,
  server: Pick<ServerProcess, 'origin' | 'password'>,
  name = 'mikkel',
  profile: Profile = desktop
) {
  const person = await aPage(browser, profile);
  const { page } = person;
  await page.goto(`${server.origin}/desk`);
  await page.getByTestId('sign-in-name').fill(name);
  await page.getByTestId('sign-in-password').fill(server.password(name));
  await page.getByTestId('sign-in-submit').click();
  // Who is still on shift from before only comes back.
  const start = page.getByTestId('shift-start');
  await start.or(page.getByTestId('shift-pause')).waitFor();
  if (await start.isVisible()) await start.click();
  return { ...person, talk: new Talk(page.getByTestId('desk-conversation')) };
}

export async function takeNext(desk: Page): Promise<void> {
  await desk.getByTestId('queue-item').first().waitFor();
  await desk.getByTestId('take-next').click();
}

/** One side of a conversation as it is on a screen. */
export class Talk {
  private readonly within: Locator;

  constructor(within: Locator) {
    this.within = within;
  }

  get conversation(): Locator {
    return this.within.getByTestId('conversation');
  }

  async isState(state: string, timeout = 20_000): Promise<void> {
    await this.within
      .locator(`[data-testid=conversation][data-state=${state}]`)
      .waitFor({ timeout });
  }

  async say(text: string): Promise<void> {
    await this.within.getByTestId('composer').fill(text);
    await this.within.getByTestId('send').click();
  }

  messages(from: 'me' | 'other' | 'third'): Promise<string[]> {
    return this.within
      .locator(`[data-testid=message][data-from=${from}]`)
      .evaluateAll((found) =>
        found.map((one) => one.querySelector('[dir=auto]')?.textContent ?? '')
      );
  }

  /** Waits until the other side's messages are exactly these, in this order. */
  async hasHeard(expected: readonly string[], timeout = 30_000): Promise<void> {
    await expect.poll(() => this.messages('other'), { timeout, interval: 200 }).toEqual(expected);
  }

  /** Waits until this is the last that came from the other side. */
  async hasHeardLast(expected: string): Promise<void> {
    await expect
      .poll(async () => (await this.messages('other')).at(-1), { timeout: 30_000 })
      .toBe(expected);
  }
}
