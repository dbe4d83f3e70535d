import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserArguments, executablePath, openBrowser, phone } from '#tests/support/browser.ts';
import { search, searchBytes } from '#tests/support/canary.ts';
import { expectDialogReturns } from '#tests/support/dialogs.ts';
import { aYoungPerson, takeNext, Talk } from '#tests/support/journey.ts';
import {
  acceptsByPasskey,
  acceptsByPassword,
  aColleague,
  expectOpenToAll,
  does,
  invites,
  personIn
} from '#tests/support/staff-pages.ts';
import { anotherKeyFile, aStaffHouse, type StaffHouse } from '#tests/support/staff-house.ts';
import { WireTap } from '#tests/support/wire-tap.ts';

/** Others may be at work on the machine as well. */
const patiently = { timeout: 15_000 };

let browser: Browser;
let house: StaffHouse;
beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), aStaffHouse()]);
});
afterAll(async () => {
  await browser.close();
  await house.remove();
});

test('from an invitation to a conversation: the lead signs, and the root key stays on the device', async () => {
  // Every byte between the lead's browser and the house is kept.
  const tap = await WireTap.before(house.server.port);
  const leadsBrowser = await chromium.launch({
    executablePath,
    args: [...browserArguments, `--host-resolver-rules=MAP localhost 127.0.0.1:${tap.port}`]
  });
  const lead = await aColleague(leadsBrowser);
  await acceptsByPasskey(lead.page, house.link);
  await lead.page.getByTestId('invitation-done').click();
  await lead.page.getByTestId('team-alone').waitFor();
  await expectOpenToAll(lead.page);

  // Whoever only sits at the screen cannot invite, and what was typed stays.
  await lead.page.reload();
  const link = await invites(lead.page, 'Mikkel');
  expect(link).toMatch(/\/desk\/invitation#[\w-]{43}$/);

  const mikkel = await aColleague(browser);
  await acceptsByPassword(mikkel.page, link, 'lygte hylde gulerod tog');
  const code = mikkel.page.getByTestId('invitation-device-code');
  const request = lead.page.getByTestId('team-request');
  await request.waitFor();
  expect(await request.getByTestId('team-request-code').textContent()).toBe(
    await code.textContent()
  );
  await expectOpenToAll(lead.page);

  // Before it is signed nobody can be taken.
  const away = await mikkel.context.newPage();
  await away.goto(`${house.server.origin}/desk`);
  await away.getByTestId('shift-start').click();
  const early = await aYoungPerson(browser, house.server);
  await takeNext(away);
  await away.getByRole('alert').waitFor();
  expect(await away.getByRole('alert').textContent()).toMatch(/leder/i);
  await away.getByTestId('shift-stop').click();
  await early.page.getByTestId('leave-queue').click();
  await early.context.close();
  await away.close();

  // Files that are not it.
  const file = lead.page.getByTestId('team-root-key');
  const refused = lead.page.getByTestId('team-root-key-refused');
  const choose = (name: string, content: string) =>
    file.setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
  const other = await anotherKeyFile();
  await choose(other.name, other.content);
  await expect
    .poll(() => refused.getAttribute('data-refusal'), patiently)
    .toBe('other-organisation');
  expect(await refused.textContent()).toContain('anden organisation');
  expect(await lead.page.getByTestId('team-sign').isDisabled()).toBe(true);
  await expectOpenToAll(lead.page);
  const own = readFileSync(house.keyFile, 'utf8');
  for (const content of ['', 'hej', own.slice(0, -20), own.repeat(40)]) {
    await choose('root.txt', content);
    await expect.poll(() => refused.getAttribute('data-refusal'), patiently).toBe('not-a-root-key');
  }

  // The right one: the whole of it signs, and none of it travels.
  await file.setInputFiles(house.keyFile);
  await lead.page.getByTestId('team-root-key-open').waitFor();
  await expectOpenToAll(lead.page);
  await lead.page.getByTestId('team-sign').click();
  await lead.page.getByTestId('team-signed').waitFor();
  await expect
    .poll(
      () =>
        personIn(lead.page, 'Mikkel').getByTestId('team-certificate').getAttribute('data-state'),
      patiently
    )
    .toBe('valid');

  // His page has gone on by itself.
  await mikkel.page.getByTestId('invitation-done').click();
  await mikkel.page.getByTestId('shift-start').click();
  const young = await aYoungPerson(browser, house.server);
  await takeNext(mikkel.page);
  await young.talk.isState('open');
  const desk = new Talk(mikkel.page.getByTestId('desk-conversation'));
  await desk.say('Hej. Jeg hedder Mikkel.');
  await young.talk.hasHeard(['Hej. Jeg hedder Mikkel.']);
  await young.talk.say('hej');
  await desk.hasHeard(['hej']);

  // Paused in the middle: he is out at once, and the young person is told.
  await does(lead.page, 'suspend', 'Mikkel');
  const proof = lead.page.getByTestId('step-up-passkey');
  const signedOut = mikkel.page.getByTestId('sign-in-signed-out');
  const isPaused = lead.page.locator('[data-name=Mikkel][data-state=suspended]');
  await proof.or(isPaused).first().waitFor();
  if (await proof.isVisible()) await proof.click();
  const since = Date.now();
  await signedOut.waitFor();
  expect(Date.now() - since).toBeLessThan(2500);
  await isPaused.waitFor();
  await expectOpenToAll(mikkel.page);
  await expectOpenToAll(lead.page);

  // Nobody is left without a lead.
  await does(lead.page, 'suspend', 'Karen');
  await expect
    .poll(() => lead.page.getByTestId('team-refusal').getAttribute('data-refusal'), patiently)
    .toBe('last-lead');

  await leadsBrowser.close();
  const passed = [...tap.haystacks()];
  await tap.close();
  const hex = /^[0-9a-f]{128}$/m.exec(own)?.[0] ?? '';
  const secret = Buffer.from(hex, 'hex').subarray(0, 32);
  expect(secret).toHaveLength(32);
  expect([
    ...search([{ name: 'file', text: hex.slice(0, 64) }], passed),
    ...searchBytes('first half', secret.subarray(0, 16), passed),
    ...searchBytes('second half', secret.subarray(16), passed)
  ]).toEqual([]);
  // The same search finds what did travel: the key of his device, which the lead was asked to sign.
  const store = new DatabaseSync(house.database);
  const { key } = store.prepare('SELECT public_key AS key FROM certificate').get() ?? {};
  store.close();
  expect(key).toBeInstanceOf(Uint8Array);
  const device = Buffer.from(key as Uint8Array);
  expect(searchBytes('device', device, passed).length).toBeGreaterThan(0);
  expect(lead.complaints).toEqual([]);
}, 180_000);

test('several devices with one signature, one left out, and again before it runs out', async () => {
  const ownHouse = await aStaffHouse('Et tredje hus');
  const lead = await aColleague(browser);
  await acceptsByPasskey(lead.page, ownHouse.link);
  await lead.page.getByTestId('invitation-done').click();
  const colleagues = ['Mikkel', 'Sofie', 'Yusuf'];
  const pages = [];
  for (const name of colleagues) {
    const link = await invites(lead.page, name, name === 'Yusuf' ? 'interpreter' : 'counsellor');
    const { page } = await aColleague(browser);
    await acceptsByPasskey(page, link);
    await page.getByTestId('invitation-waits').waitFor();
    pages.push(page);
  }
  const requests = lead.page.getByTestId('team-request');
  await expect.poll(() => requests.count(), patiently).toBe(3);
  await requests.filter({ hasText: 'Sofie' }).getByRole('checkbox').uncheck();
  await lead.page.getByTestId('team-root-key').setInputFiles(ownHouse.keyFile);
  await lead.page.getByTestId('team-root-key-open').waitFor();
  await lead.page.getByTestId('team-sign').click();
  const stateOf = (name: string) =>
    personIn(lead.page, name).getByTestId('team-certificate').getAttribute('data-state');
  await expect.poll(() => stateOf('Mikkel'), patiently).toBe('valid');
  await expect.poll(() => stateOf('Yusuf'), patiently).toBe('valid');
  expect(await stateOf('Sofie')).toBe('awaited');
  for (const page of [pages[0], pages[2]]) await page?.getByTestId('invitation-done').waitFor();
  // Signed once, forgotten: the next signature needs the file again.
  expect(await lead.page.getByTestId('team-sign').isDisabled()).toBe(true);

  // Three days before it ends his desk asks for the next, and goes on with the old one meanwhile.
  const store = new DatabaseSync(ownHouse.database);
  store
    .prepare(
      `UPDATE certificate SET expires_at = ?
       WHERE account = (SELECT id FROM account WHERE shown_name = 'Mikkel')`
    )
    .run(Date.now() + 3 * 86_400_000);
  store.close();
  const [mikkel] = pages;
  await mikkel?.getByTestId('invitation-done').click();
  await mikkel?.getByTestId('shift-start').click();
  const young = await aYoungPerson(browser, ownHouse.server);
  if (mikkel) await takeNext(mikkel);
  await young.talk.isState('open');
  const renewal = lead.page.locator('[data-testid=team-request][data-renewal=true]');
  await renewal.waitFor();
  expect(await renewal.textContent()).toContain('Udløber om 3 dage');
  expect(await stateOf('Mikkel')).toBe('expiring');
  await expectOpenToAll(lead.page);
  await lead.page.getByTestId('team-root-key').setInputFiles(ownHouse.keyFile);
  await lead.page.getByTestId('team-sign').click();
  await renewal.waitFor({ state: 'detached' });
  // Who was left out still waits, and is still left out.
  expect(await requests.getByRole('checkbox').isChecked()).toBe(false);
  await expect.poll(() => stateOf('Mikkel'), patiently).toBe('valid');

  // His device is lost: the signature is withdrawn, and what went on with it stops.
  await does(lead.page, 'revoke', 'Mikkel');
  await expect.poll(() => stateOf('Mikkel'), patiently).toBe('revoked');
  await young.page
    .locator('[data-testid=conversation][data-state=open]')
    .waitFor({ state: 'detached' });
  await Promise.all([lead.context.close(), young.context.close()]);
  await ownHouse.remove();
}, 120_000);

test('what a lead may do is asked about first, and can be left', async () => {
  const ownHouse = await aStaffHouse('Et andet hus');
  const lead = await aColleague(browser, phone);
  await acceptsByPasskey(lead.page, ownHouse.link);
  await lead.page.getByTestId('invitation-done').click();
  await lead.page.getByTestId('team-alone').waitFor();

  // Not proved: nothing happens, and nothing typed is lost.
  await lead.page.getByTestId('team-invite').click();
  await lead.page.getByTestId('team-invite-name').fill('Sofie');
  await expectDialogReturns(lead.page, lead.page.getByTestId('team-invite-submit'));
  await lead.page.getByTestId('team-invite-submit').click();
  await lead.page.getByTestId('step-up-passkey').waitFor();
  await expectOpenToAll(lead.page);
  await lead.authenticator.verifies(false);
  await lead.page.getByTestId('step-up-passkey').click();
  await lead.page.getByRole('alert').waitFor();
  await lead.page.keyboard.press('Escape');
  expect(await lead.page.getByTestId('team-invite-name').inputValue()).toBe('Sofie');
  expect(await lead.page.getByTestId('team-person').count()).toBe(1);
  await lead.authenticator.verifies(true);
  await lead.page.getByTestId('team-invite-submit').click();
  await lead.page.getByTestId('step-up-passkey').click();
  const link = (await lead.page.getByTestId('team-invite-link').textContent()) ?? '';
  await lead.page.getByTestId('team-invite-seen').click();
  // Shown this once.
  expect(await lead.page.content()).not.toContain(link.split('#')[1]);
  await personIn(lead.page, 'Sofie').waitFor();

  const sofie = await aColleague(browser);
  await acceptsByPasskey(sofie.page, link);
  await sofie.page.goto(`${ownHouse.server.origin}/desk/team`);
  await sofie.page.getByTestId('team-only-leads').waitFor();
  await expectOpenToAll(sofie.page);

  // She lost everything: a new link, and what she had is worth nothing.
  await sofie.page.goto(`${ownHouse.server.origin}/desk`);
  await sofie.page.getByTestId('sign-out').waitFor();
  await does(lead.page, 'reset', 'Sofie');
  const again = (await lead.page.getByTestId('team-invite-link').textContent()) ?? '';
  await sofie.page.getByTestId('sign-in-signed-out').waitFor();
  await sofie.page.getByTestId('sign-in-passkey').click();
  await sofie.page.getByRole('alert').waitFor();
  await lead.page.getByTestId('team-invite-seen').click();
  await acceptsByPasskey(sofie.page, again);

  // Withdrawn before anybody came.
  await invites(lead.page, 'Bo');
  await personIn(lead.page, 'Bo').getByTestId('team-more').click();
  await expectDialogReturns(lead.page, personIn(lead.page, 'Bo').getByTestId('team-withdraw'));
  await does(lead.page, 'withdraw', 'Bo');
  await personIn(lead.page, 'Bo').waitFor({ state: 'detached' });

  // Paused and back.
  await does(lead.page, 'suspend', 'Sofie');
  await lead.page.locator('[data-name=Sofie][data-state=suspended]').waitFor();
  await does(lead.page, 'resume', 'Sofie');
  await lead.page.locator('[data-name=Sofie][data-state=active]').waitFor();
  await sofie.page.goto(`${ownHouse.server.origin}/desk`);
  await sofie.page.getByTestId('sign-in-passkey').click();
  await sofie.page.getByTestId('sign-out').waitFor();
  await Promise.all([lead.context.close(), sofie.context.close()]);
  await ownHouse.remove();
}, 120_000);
