import { afterAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { openBrowser } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { renderersOf } from '#tests/support/renderers.ts';

const { browser, server } = await browserAndServer();
/** A browser of its own, whose processes can be stopped. */
const phone = await openBrowser();
afterAll(() => phone.close());

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
