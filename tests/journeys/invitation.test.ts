import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Browser, Page } from 'playwright-core';
import { decodeQR } from 'qr/decode.js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openBrowser, phone } from '#tests/support/browser.ts';
import {
  acceptsByPasskey,
  aColleague,
  expectOpenToAll,
  codeNow,
  comesTo,
  invites,
  keepsCodes,
  secretOn
} from '#tests/support/staff-pages.ts';
import { aStaffHouse, type StaffHouse } from '#tests/support/staff-house.ts';

const good = 'lygte hylde gulerod tog';

/** Others may be at work on the machine as well. */
const patiently = { timeout: 15_000 };

let browser: Browser;
let house: StaffHouse;
let lead: Page;
beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), aStaffHouse()]);
  lead = (await aColleague(browser)).page;
  await acceptsByPasskey(lead, house.link);
  await lead.getByTestId('invitation-done').click();
});
afterAll(async () => {
  await browser.close();
  await house.remove();
});
afterEach(async () => {
  const others = browser.contexts().filter((context) => context !== lead.context());
  await Promise.all(others.map((context) => context.close()));
});

/** What a telephone reads in the picture. */
async function qrOn(page: Page): Promise<string> {
  const { size, path } = await page.getByRole('img', { name: /QR/ }).evaluate((drawing) => ({
    size: Number(drawing.getAttribute('viewBox')?.split(' ')[2]),
    path: drawing.querySelectorAll('path')[1]?.getAttribute('d') ?? ''
  }));
  const scale = 4;
  const side = size * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x = '', y = ''] of path.matchAll(/M(\d+) (\d+)h/g))
    for (let at = 0; at < scale * scale; at += 1) {
      const row = Number(y) * scale + Math.floor(at / scale);
      const column = Number(x) * scale + (at % scale);
      data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
  return decodeQR({ width: side, height: side, data });
}

const alert = (page: Page) => page.getByRole('alert');

test('a password with codes from an app: every wrong thing is said and loses nothing', async () => {
  const link = await invites(lead, 'Mikkel');
  const { page, complaints } = await aColleague(browser, phone);
  await page.goto(link);

  // A name that a colleague has.
  await page.getByTestId('invitation-name').fill('KAREN');
  await page.getByTestId('invitation-password-instead').click();

  const password = page.getByTestId('invitation-password');
  await password.fill('for kort');
  await page.getByTestId('invitation-next').click();
  await expect.poll(() => alert(page).textContent(), patiently).toContain('15');
  await password.fill(good);
  expect(await password.getAttribute('type')).toBe('password');
  await page.getByTestId('invitation-password-show').click();
  expect(await password.getAttribute('type')).toBe('text');
  await expectOpenToAll(page);
  await page.getByTestId('invitation-next').click();

  const secret = await secretOn(page);
  const told = new URL(await qrOn(page));
  expect(told.protocol + told.host).toBe('otpauth:totp');
  expect(told.searchParams.get('secret')).toBe(secret);
  await expectOpenToAll(page);

  // Refused for its name, the page stands where that is put right, with everything else as it was.
  await page.getByTestId('invitation-code').fill(codeNow(secret));
  await page.getByTestId('invitation-next').click();
  await comesTo(page, 'way');
  await alert(page).waitFor();
  await page.getByTestId('invitation-name').fill('mikkel');
  await page.getByTestId('invitation-password-instead').click();
  expect(await password.inputValue()).toBe(good);

  // One that too many people would think of.
  await password.fill('adgangskode12345');
  await page.getByTestId('invitation-next').click();
  await page.getByTestId('invitation-code').fill(codeNow(secret));
  await page.getByTestId('invitation-next').click();
  await comesTo(page, 'password');
  await alert(page).waitFor();
  await password.fill(good);
  await page.getByTestId('invitation-next').click();

  await page.getByTestId('invitation-code').fill('000000');
  await page.getByTestId('invitation-next').click();
  await alert(page).waitFor();
  // With the gap that apps show in the middle.
  await page.getByTestId('invitation-code').fill(codeNow(secret).replace(/^.../, '$& '));
  await page.getByTestId('invitation-next').click();

  await comesTo(page, 'recovery');
  await expectOpenToAll(page);
  expect(await page.getByTestId('invitation-codes-on').isDisabled()).toBe(true);
  const saved = page.waitForEvent('download');
  await page.getByTestId('invitation-codes-save').click();
  const file = readFileSync(await (await saved).path(), 'utf8');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByTestId('invitation-codes-copy').click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const codes = await keepsCodes(page);
  expect(codes).toHaveLength(10);
  expect(file.split('\r\n').slice(2, 12)).toEqual(codes);
  expect(copied.split(/\r?\n/)).toEqual(codes);

  // The device has its key and waits. A reload goes on waiting.
  const code = await page.getByTestId('invitation-device-code').textContent();
  expect(code).toMatch(/^\d{4}( \d{4}){3}$/);
  await expectOpenToAll(page);
  await page.reload();
  await expect
    .poll(() => page.getByTestId('invitation-device-code').textContent(), patiently)
    .toBe(code);

  // At the desk it is said what is missing.
  await page.goto(`${house.server.origin}/desk`);
  await page.getByTestId('sign-out').waitFor();

  // A recovery code lets in once.
  const enter = async (totp: string) => {
    await page.context().clearCookies();
    await page.goto(`${house.server.origin}/desk`);
    await page.getByTestId('sign-in-name').fill('mikkel');
    await page.getByTestId('sign-in-password').fill(good);
    await page.getByTestId('sign-in-totp').fill(totp);
    await page.getByTestId('sign-in-submit').click();
  };
  await enter(codes[3] ?? '');
  await page.getByTestId('sign-out').waitFor();
  await enter(codes[3] ?? '');
  await alert(page).waitFor();
  await enter('');
  await alert(page).waitFor();
  await enter(codes[4] ?? '');
  await page.getByTestId('sign-out').waitFor();
  expect(complaints.filter((one) => !/\b4\d\d\b/.test(one))).toEqual([]);
}, 120_000);

test('by keyboard alone, from the link to the desk that waits', async () => {
  const link = await invites(lead, 'Sofie', 'interpreter');
  const { page } = await aColleague(browser);
  await page.goto(link);
  await comesTo(page, 'way');
  const tabTo = async (what: string) => {
    for (let steps = 0; steps < 20; steps += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() =>
        document.activeElement?.closest('[data-testid]')?.getAttribute('data-testid')
      );
      if (at === what) return;
    }
    throw new Error(`${what} cannot be reached`);
  };
  await tabTo('invitation-name');
  await page.keyboard.type('2');
  await tabTo('invitation-password-instead');
  await page.keyboard.press('Enter');
  await tabTo('invitation-password');
  await page.keyboard.type(good);
  await page.keyboard.press('Enter');
  await comesTo(page, 'app');
  const secret = await secretOn(page);
  await tabTo('invitation-code');
  await page.keyboard.type(codeNow(secret));
  await page.keyboard.press('Enter');
  await comesTo(page, 'recovery');
  // Each step is read out from its title on.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  await tabTo('invitation-codes-kept');
  await page.keyboard.press('Space');
  await tabTo('invitation-codes-on');
  await page.keyboard.press('Enter');
  await page.getByTestId('invitation-waits').waitFor();
}, 60_000);

test('links that cannot be used say why, and what to do', async () => {
  const used = await invites(lead, 'Ida');
  const old = await invites(lead, 'Ali');
  const withdrawn = await invites(lead, 'Bo');
  const { page } = await aColleague(browser, phone);
  await acceptsByPasskey(page, used);
  const store = new DatabaseSync(house.database, { timeout: 5_000 });
  store.exec(`UPDATE invitation SET expires_at = 1 WHERE account =
    (SELECT id FROM account WHERE shown_name = 'Ali')`);
  store.close();
  const row = lead.locator('[data-testid=team-person][data-name=Bo]');
  await row.getByTestId('team-more').click();
  await row.getByTestId('team-withdraw').click();
  await lead.getByTestId('team-confirm').click();
  await row.waitFor({ state: 'detached' });

  const saysOf = async (link: string) => {
    const { page: other } = await aColleague(browser, phone);
    await other.goto(link);
    await comesTo(other, 'unusable');
    return { page: other, says: (await other.getByRole('main').textContent()) ?? '' };
  };
  const { page: shown, says } = await saysOf(used);
  expect(says).toContain('brugt');
  await expectOpenToAll(shown);
  expect((await saysOf(old)).says).toContain('for gammelt');
  for (const link of [withdrawn, `${withdrawn.slice(0, -4)}AAAA`, `${withdrawn}x`])
    expect((await saysOf(link)).says).toContain('kender vi ikke');
  expect((await saysOf(`${house.server.origin}/desk/invitation`)).says).toContain('Åbn linket');
}, 90_000);
