import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { areThere, hasHeard, openLink } from '#tests/roster/people.ts';

const { browser, server } = await browserAndServer();

test('who writes Arabic and who writes Danish are offered an interpreter at once, and say what they mean', async () => {
  const young = await aYoungPerson(browser, { origin: `${server.origin}/ar` });
  const desk = await aCounsellorAtTheDesk(browser, server);
  await desk.page.getByTestId('queue-language').waitFor();
  await takeNext(desk.page);
  await Promise.all([young.talk.isState('open'), desk.talk.isState('open')]);
  const offered = desk.page.getByTestId('other-language');
  await offered.waitFor();
  expect(await offered.innerText()).toContain('arabisk');
  await expectNoBarrier(desk.page);

  // One key asks; the young person reads who would come, and why, before anything happens.
  await desk.page.keyboard.press('Alt+i');
  const why = young.page.getByTestId('third-why');
  await why.waitFor();
  expect(await why.innerText()).toMatch(/Mikkel.*الدانمركية.*الإنجليزية/s);
  expect((await sideways(young.page)).wide).toEqual([]);
  await expectNoBarrier(young.page);
  expect(await desk.page.getByTestId('invite-link').count()).toBe(0);
  expect(await offered.count()).toBe(0);

  await young.page.getByTestId('third-agree').click();
  const link = desk.page.getByTestId('invite-link');
  await link.waitFor();
  const address = (await link.textContent()) ?? '';
  expect(address).toMatch(/#invitation=[\w-]{43}\.[\w-]{102}\.interpreter-ar-da-en$/);

  const third = await openLink(browser, address, 'Aylin');
  await third.talk.isState('open');
  for (const { page } of [young, desk, third]) await areThere(page, 3);
  const inRoster = '[data-testid=roster-member][data-role=interpreter]';
  expect(await young.page.locator(inRoster).innerText()).toMatch(/Aylin\s*\(مترجم\)/);
  expect(await desk.page.locator(inRoster).innerText()).toMatch(/Aylin\s*\(Tolk\)/);

  await young.talk.say('مرحبا');
  await hasHeard(third.page, 'third', ['Den, der skrev først: مرحبا']);
  await third.talk.say('Hej, står der.');
  await hasHeard(desk.page, 'third', ['Aylin: Hej, står der.']);
  expect(await offered.count()).toBe(0);

  // Alone again, the counsellor says that they write Arabic themselves: the desk asks no more.
  await third.page.getByTestId('end-conversation').click();
  await third.page.getByTestId('end-confirm').click();
  await offered.waitFor();
  await desk.page.getByTestId('my-language').click();
  await expect.poll(() => offered.count()).toBe(0);
  const kept = await desk.page.evaluate(() => localStorage.getItem('frirum-desk') ?? '');
  expect(JSON.parse(kept)).toMatchObject({ writes: ['da', 'en', 'ar'] });
  for (const { complaints } of [young, desk, third]) expect(complaints).toEqual([]);
}, 120_000);

test('an interpreter who opens the link reads what is asked of them before anything is sent', async () => {
  const page = await browser.newPage({ locale: 'da-DK' });
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  const fragment = `#invitation=${'A'.repeat(43)}.${'A'.repeat(99)}.interpreter-ar-da-en`;
  await page.goto(`${server.origin}/chat${fragment}`);
  const words = page.getByTestId('third-interprets');
  await words.waitFor();
  expect(await words.innerText()).toMatch(/arabisk.*dansk eller engelsk/);
  expect(page.url()).toBe(`${server.origin}/chat`);
  expect(sockets).toEqual([]);
}, 60_000);
