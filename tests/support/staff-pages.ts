import type { Browser, Page } from 'playwright-core';
import { TOTP } from 'otpauth';
import { expect } from 'vitest';
import { aPage, desktop } from './browser.ts';
import { expectNoBarrier, sideways } from './barriers.ts';
import { anAuthenticator } from './authenticator.ts';

type Profile = NonNullable<Parameters<Browser['newContext']>[0]>;

/**
 * Somebody at a browser of their own, with a security key. The key answers whatever asks it, so a page
 * that offered passkeys in its name field would always be signed in: only `inField` lets it.
 */
export async function aColleague(
  browser: Browser,
  profile: Profile = desktop,
  { inField = false } = {}
) {
  const person = await aPage(browser, profile);
  person.page.setDefaultTimeout(15_000);
  if (!inField)
    await person.context.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
    });
  return { ...person, authenticator: await anAuthenticator(person.page) };
}

/** Nothing bars anybody, and nothing stands beside the smallest screen. */
export async function expectOpenToAll(page: Page): Promise<void> {
  await expectNoBarrier(page);
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  await page.setViewportSize(desktop.viewport);
}

/** Waits until an invitation has come to this step. */
export const comesTo = (page: Page, step: string): Promise<void> =>
  page.locator(`[data-testid=invitation-step][data-step=${step}]`).waitFor();

/** Ticks the recovery codes off. @returns all ten */
export async function keepsCodes(page: Page): Promise<string[]> {
  await comesTo(page, 'recovery');
  const codes = await page.getByTestId('invitation-codes').locator('li').allTextContents();
  await page.getByTestId('invitation-codes-kept').check();
  await page.getByTestId('invitation-codes-on').click();
  return codes;
}

export async function acceptsByPasskey(page: Page, link: string): Promise<string[]> {
  await page.goto(link);
  await page.getByTestId('invitation-passkey').click();
  return keepsCodes(page);
}

/** The code that an app shows which was given this secret. */
export const codeNow = (secret: string): string => new TOTP({ secret }).generate();

/** Sets a password and an app for codes. @returns the app's secret and the recovery codes */
export async function acceptsByPassword(page: Page, link: string, password: string) {
  await page.goto(link);
  await page.getByTestId('invitation-password-instead').click();
  await page.getByTestId('invitation-password').fill(password);
  await page.getByTestId('invitation-next').click();
  const secret = await secretOn(page);
  await page.getByTestId('invitation-code').fill(codeNow(secret));
  await page.getByTestId('invitation-next').click();
  return { secret, codes: await keepsCodes(page) };
}

/** The secret as it is spelled out for who types it. */
export async function secretOn(page: Page): Promise<string> {
  const groups = page.getByTestId('invitation-secret').locator('span');
  await groups.first().waitFor();
  return (await groups.allTextContents()).join('');
}

/** The lead makes an invitation, and shows who they are when that is asked. @returns the link */
export async function invites(
  lead: Page,
  name: string,
  role: 'counsellor' | 'lead' | 'interpreter' = 'counsellor'
): Promise<string> {
  await lead.getByTestId('team-invite').click();
  await lead.getByTestId('team-invite-name').fill(name);
  await lead.getByTestId(`team-invite-${role}`).click();
  await lead.getByTestId('team-invite-submit').click();
  const link = lead.getByTestId('team-invite-link');
  await link.or(lead.getByTestId('step-up-passkey')).first().waitFor();
  if (await lead.getByTestId('step-up-passkey').isVisible())
    await lead.getByTestId('step-up-passkey').click();
  const text = (await link.textContent()) ?? '';
  await lead.getByTestId('team-invite-seen').click();
  return text;
}

export const personIn = (lead: Page, name: string) =>
  lead.locator(`[data-testid=team-person][data-name="${name}"]`);

/** Does one of the things to somebody that are asked about first. */
export async function does(lead: Page, act: string, name: string): Promise<void> {
  const row = personIn(lead, name);
  const button = row.getByTestId(`team-${act}`);
  if (!(await button.isVisible())) await row.getByTestId('team-more').click();
  await button.click();
  await lead.getByTestId('team-confirm').click();
}
