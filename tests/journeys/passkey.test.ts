import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openBrowser, phone } from '#tests/support/browser.ts';
import {
  acceptsByPasskey,
  aColleague,
  expectOpenToAll,
  invites
} from '#tests/support/staff-pages.ts';
import { aStaffHouse, type StaffHouse } from '#tests/support/staff-house.ts';

/** Others may be at work on the machine as well. */
const patiently = { timeout: 15_000 };

let browser: Browser;
let house: StaffHouse;
let anotherHouse: StaffHouse;
beforeAll(async () => {
  [browser, house, anotherHouse] = await Promise.all([openBrowser(), aStaffHouse(), aStaffHouse()]);
});
afterAll(async () => {
  await browser.close();
  await Promise.all([house.remove(), anotherHouse.remove()]);
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

test('a passkey is made from an invitation, and is the way in from then on, whatever a password did', async () => {
  const { page, authenticator, complaints } = await aColleague(browser, phone);
  await page.goto(house.link);
  // The secret leaves the address and the history before anything is clicked.
  await page.getByTestId('invitation-passkey').waitFor();
  expect(page.url()).toBe(`${house.server.origin}/desk/invitation`);
  await expect
    .poll(() => page.getByTestId('invitation-from').textContent(), patiently)
    .toContain('Aarhus');
  await expectOpenToAll(page);

  // Nobody's finger: nothing happens to the invitation, and it is said.
  await authenticator.verifies(false);
  await page.getByTestId('invitation-passkey').click();
  await page.getByRole('alert').waitFor();
  expect(await authenticator.count()).toBe(0);
  await authenticator.verifies(true);

  await acceptsByPasskey(page, house.link);
  expect(await authenticator.count()).toBe(1);
  await page.getByTestId('invitation-done').click();
  await page.getByTestId('team-alone').waitFor();

  await page.getByTestId('team-sign-out').click();
  await page.getByTestId('sign-in-passkey').click();
  await page.getByTestId('team-alone').waitFor();

  // Somebody guesses at the password until the name must wait. The passkey does not.
  await page.getByTestId('team-sign-out').click();
  await page.getByTestId('sign-in-name').fill('karen');
  const timer = page.getByRole('timer');
  for (let tries = 0; tries < 8 && !(await timer.isVisible()); tries += 1) {
    await page.getByTestId('sign-in-password').fill(`det er den vist ikke ${tries}`);
    await page.getByTestId('sign-in-submit').click();
    await expect.poll(() => page.getByTestId('sign-in-passkey').isEnabled(), patiently).toBe(true);
    await page.getByRole('alert').waitFor();
  }
  expect(await timer.textContent()).toMatch(/\d:\d\d/);
  expect(await page.getByTestId('sign-in-submit').isDisabled()).toBe(true);
  expect(await page.getByTestId('sign-in-name').inputValue()).toBe('karen');
  // It counts down, and opens by itself.
  await expect
    .poll(() => page.getByTestId('sign-in-submit').isEnabled(), { timeout: 10_000 })
    .toBe(true);
  await page.getByTestId('sign-in-passkey').click();
  await page.getByTestId('team-alone').waitFor();
  expect(complaints.filter((one) => !/40[13]|429/.test(one))).toEqual([]);
}, 90_000);

test('a browser that offers passkeys where the name is typed needs no button', async () => {
  const { page } = await aColleague(browser, phone, { inField: true });
  const { page: lead } = await aColleague(browser);
  await acceptsByPasskey(lead, anotherHouse.link);
  await lead.getByTestId('invitation-done').click();
  const link = await invites(lead, 'Sofie', 'lead');
  await acceptsByPasskey(page, link);
  await page.getByTestId('invitation-done').click();
  await page.getByTestId('team-sign-out').click();
  expect(await page.getByTestId('sign-in-name').getAttribute('autocomplete')).toMatch(/webauthn$/);
  await page.getByTestId('team-person').first().waitFor();
}, 90_000);

test('a device without the passkey is told so, and where else to go', async () => {
  const { page } = await aColleague(browser);
  await page.goto(`${house.server.origin}/en/desk`);
  await page.getByTestId('sign-in-passkey').click();
  const said = page.getByRole('alert');
  await said.waitFor();
  expect(await said.textContent()).toContain('password');
  await expectOpenToAll(page);
}, 90_000);

test('a browser that knows no passkeys offers none', async () => {
  const { page } = await aColleague(browser);
  await page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
  await page.goto(`${house.server.origin}/desk`);
  await expect.poll(() => page.getByTestId('sign-in-submit').isEnabled(), patiently).toBe(true);
  expect(await page.getByTestId('sign-in-passkey').count()).toBe(0);
});
