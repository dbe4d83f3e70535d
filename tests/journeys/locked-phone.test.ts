import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { renderersOf } from '#tests/support/renderers.ts';
import { ServerProcess } from '#tests/support/server-process.ts';

let browser: Browser;
/** A browser of its own, whose processes can be stopped. */
let phone: Browser;
let server: ServerProcess;
beforeAll(async () => {
  browser = await openBrowser();
  phone = await openBrowser();
  server = await ServerProcess.start();
});
afterAll(async () => {
  await Promise.all([browser.close(), phone.close()]);
  await server.remove();
});

/** Longer than the server waits for a sign of life (ping 10 s, answer 10 s). */
const locked = 24_000;

test('the phone is locked: no timer runs, the server gives the line up, nothing is lost', async () => {
  const young = await aYoungPerson(phone, server);
  const desk = await aCounsellorAtTheDesk(browser, server);
  await takeNext(desk.page);
  await young.talk.isState('open');
  await young.talk.say('min mor kommer, vent');
  await desk.talk.hasHeard(['min mor kommer, vent']);

  const renderers = await renderersOf(phone);
  for (const pid of renderers) process.kill(pid, 'SIGSTOP');
  await desk.talk.say('Jeg venter.');
  await new Promise((resolve) => setTimeout(resolve, locked));
  await desk.talk.say('Tag den tid, du skal bruge.');
  const unread = desk.page.locator('[data-testid=message][data-from=me]:not([data-delivered])');
  await expect.poll(() => unread.count()).toBe(2);

  for (const pid of renderers) process.kill(pid, 'SIGCONT');
  await young.talk.hasHeard(['Jeg venter.', 'Tag den tid, du skal bruge.']);
  await expect.poll(() => unread.count()).toBe(0);
  await young.talk.say('så er jeg her igen');
  await desk.talk.hasHeard(['min mor kommer, vent', 'så er jeg her igen']);
}, 90_000);
