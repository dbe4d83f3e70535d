import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { openBrowser } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';

let browser: Browser;
let app: RunningApp;
beforeAll(async () => {
  browser = await openBrowser();
  app = await startApp();
});
afterAll(async () => {
  await browser.close();
  await app.stop();
});

/** As the command line does it, beside the running service. */
async function suspend(name: string): Promise<void> {
  const store = openEmbedded(app.data);
  const account = await store.accounts.named(name);
  expect(await store.accounts.suspend(account?.id ?? '')).toBe('suspended');
  await store.close();
}

test('suspended in the middle of a conversation: the young person is told, and keeps place and clip', async () => {
  const young = await aYoungPerson(browser, app);
  const desk = await aCounsellorAtTheDesk(browser, app);
  await takeNext(desk.page);
  await young.talk.isState('open');
  const later = await aYoungPerson(browser, app);
  await young.talk.say('det her er kun til dig');
  await desk.talk.hasHeard(['det her er kun til dig']);
  await desk.talk.say('Det bliver her.');
  await young.talk.hasHeard(['Det bliver her.']);
  const card = () =>
    young.page.locator('[data-testid=card]').first().getAttribute('data-clips-left');
  await expect.poll(card, { timeout: 20_000 }).toBe('4');

  const began = performance.now();
  await suspend('mikkel');
  await young.page.locator('[data-testid=returned][data-why=counsellor-gone]').waitFor();
  await desk.page.getByTestId('sign-in-name').waitFor();
  expect(performance.now() - began).toBeLessThan(2_000);
  await young.page.getByText('Din rådgiver måtte gå').waitFor();
  await expect.poll(() => young.page.getByTestId('queue-position').textContent()).toContain('1');
  await expect.poll(() => later.page.getByTestId('queue-position').textContent()).toContain('2');
  expect(await card()).toBe('4');

  // Nothing of it is left at the desk, neither shown nor kept.
  expect(await desk.page.content()).not.toContain('kun til dig');
  const kept = await desk.page.evaluate(() =>
    Object.keys(sessionStorage).filter((key) => key.startsWith('frirum:'))
  );
  expect(kept).toEqual([]);

  const other = await aCounsellorAtTheDesk(browser, app, 'sofie');
  await takeNext(other.page);
  await young.talk.isState('open');
  await other.talk.say('Hej, jeg hedder Sofie.');
  await young.talk.hasHeard(['Hej, jeg hedder Sofie.']);
  await young.talk.say('hej');
  await other.talk.hasHeard(['hej']);
  expect(await card()).toBe('4');
}, 90_000);
