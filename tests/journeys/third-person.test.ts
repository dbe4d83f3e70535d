import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { aPage, openBrowser } from '#tests/support/browser.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import {
  agreeOnLink,
  areThere,
  hasHeard,
  openLink,
  propose,
  threeWhoTalk,
  twoWhoTalk
} from '#tests/roster/people.ts';

let browser: Browser;
let server: ServerProcess;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await ServerProcess.start();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.remove();
});

test('both agree, a parent comes by the link, and the three talk', async () => {
  const { young, desk } = await twoWhoTalk(browser, server);
  await young.talk.say('jeg vil gerne have min mor med');
  await desk.talk.hasHeard(['jeg vil gerne have min mor med']);
  await desk.talk.say('Det kan vi godt.');
  await young.talk.hasHeard(['Det kan vi godt.']);

  const link = await agreeOnLink(young.page, desk.page);
  expect(link).toMatch(new RegExp(`^${server.origin}/chat#invitation=[\\w-]{43}\\.[\\w-]{99}$`));
  const third = await openLink(browser, link);
  await third.talk.isState('open');
  expect(third.page.url()).toBe(`${server.origin}/chat`);
  for (const { page } of [young, desk, third]) await areThere(page, 3);
  // The link has done its work.
  for (const { page } of [young, desk])
    await expect.poll(() => page.getByTestId('invite-link').count()).toBe(0);

  await third.talk.say('hej, det er mor');
  await young.talk.say('hej mor');
  await desk.talk.say('Velkommen.');
  await hasHeard(third.page, 'other', ['Mikkel: Velkommen.']);
  await hasHeard(third.page, 'third', ['Den, der skrev først: hej mor']);
  await hasHeard(young.page, 'other', ['Mikkel: Det kan vi godt.', 'Mikkel: Velkommen.']);
  await hasHeard(young.page, 'third', ['Mor: hej, det er mor']);
  await hasHeard(desk.page, 'third', ['Mor: hej, det er mor']);
  expect(await third.talk.messages('me')).toEqual(['hej, det er mor']);
  // Each own message has reached both others.
  for (const { page } of [young, desk, third])
    await expect
      .poll(() => page.locator('[data-testid=message][data-from=me]:not([data-delivered])').count())
      .toBe(0);
  for (const one of [young, desk, third]) expect(one.complaints).toEqual([]);
}, 90_000);

test('nothing happens before both have agreed, and a no changes nothing', async () => {
  const { young, desk } = await twoWhoTalk(browser, server);
  // The young person asks; the counsellor says not now.
  await propose(young.page);
  await desk.page.getByTestId('third-decline').click();
  await young.page.locator('[data-testid=note][data-kind=declined]').waitFor();
  // The counsellor asks, and takes it back before there is an answer.
  await propose(desk.page, 'interpreter');
  await young.page.getByTestId('third-agree').waitFor();
  await desk.page.getByTestId('third-take-back').click();
  await expect.poll(() => young.page.getByTestId('third-agree').count()).toBe(0);
  for (const { page } of [young, desk]) {
    expect(await page.getByTestId('invite-link').count()).toBe(0);
    expect(await page.getByTestId('roster').count()).toBe(0);
  }
  await young.talk.say('vi fortsætter');
  await desk.talk.hasHeard(['vi fortsætter']);
  // The counsellor can say yes as well.
  await propose(young.page);
  await desk.page.getByTestId('third-agree').click();
  await young.page.getByTestId('invite-link').waitFor();
}, 90_000);

test('a link works once, shows nothing of before, and sends nothing before somebody enters', async () => {
  const { young, desk } = await twoWhoTalk(browser, server);
  await young.talk.say('det her er mellem os to');
  await desk.talk.hasHeard(['det her er mellem os to']);
  const link = await agreeOnLink(young.page, desk.page);

  const looks = await aPage(browser);
  const sockets: string[] = [];
  looks.page.on('websocket', (socket) => sockets.push(socket.url()));
  await looks.page.goto(link);
  await looks.page.getByTestId('third-welcome').waitFor();
  expect(looks.page.url()).not.toContain('invitation');
  expect(await looks.page.evaluate(() => history.length)).toBe(2);
  expect(sockets).toEqual([]);

  const third = await openLink(browser, link);
  await third.talk.isState('open');
  for (const { page } of [young, desk, third]) await areThere(page, 3);
  await young.talk.say('nu er vi tre');
  await hasHeard(third.page, 'third', ['Den, der skrev først: nu er vi tre']);
  expect(await third.page.locator('body').innerText()).not.toContain('mellem os to');

  await looks.page.getByTestId('third-enter').click();
  await looks.page.locator('[data-refusal=used-invitation]').waitFor();
  await third.talk.say('jeg er her stadig');
  await hasHeard(desk.page, 'third', ['Mor: jeg er her stadig']);
}, 90_000);

test.each([
  ['of nothing', '#invitation='],
  ['cut off', `#invitation=${'A'.repeat(43)}`],
  ['with letters that are none', `#invitation=${'æ'.repeat(43)}.${'A'.repeat(99)}`]
])(
  'a link %s says so',
  async (_, fragment) => {
    const { page } = await aPage(browser);
    await page.goto(`${server.origin}/chat${fragment}`);
    await page.locator('[data-refusal=bad-link]').waitFor();
  },
  60_000
);

test('with another secret the link lets nobody in', async () => {
  const { young, desk } = await twoWhoTalk(browser, server);
  const link = await agreeOnLink(young.page, desk.page);
  const forged = link.replace(/(?<=invitation=)./, (letter) => (letter === 'A' ? 'B' : 'A'));
  const stranger = await openLink(browser, forged, 'Ingen');
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(await stranger.page.getByTestId('conversation').count()).toBe(0);
  expect(await desk.page.getByTestId('roster').count()).toBe(0);
  await stranger.context.close();
  const third = await openLink(browser, link);
  await third.talk.isState('open');
}, 90_000);

test('who writes is seen, and what each writes arrives once and in order', async () => {
  const { young, desk, third } = await threeWhoTalk(browser, server);
  const rounds = Array.from({ length: 8 }, (_, round) => round);
  for (const round of rounds) {
    await young.talk.say(`ung ${round}`);
    await third.talk.say(`mor ${round}`);
    await desk.talk.say(`mikkel ${round}`);
  }
  const all = (who: string, word: string) => rounds.map((round) => `${who}: ${word} ${round}`);
  const texts = (word: string) => rounds.map((round) => `${word} ${round}`);
  await expect.poll(() => young.talk.messages('third'), { timeout: 20_000 }).toEqual(texts('mor'));
  await expect.poll(() => desk.talk.messages('third')).toEqual(texts('mor'));
  await expect.poll(() => young.talk.messages('other')).toEqual(texts('mikkel'));
  await expect.poll(() => third.talk.messages('other')).toEqual(texts('mikkel'));
  await expect.poll(() => third.talk.messages('third')).toEqual(texts('ung'));
  await desk.talk.hasHeard(texts('ung'));
  await hasHeard(young.page, 'third', all('Mor', 'mor'));

  await Promise.all([
    third.page.getByTestId('composer').pressSequentially('jeg tænker på det', { delay: 300 }),
    ...[young, desk].map(({ page }) => page.locator('p.typing').waitFor())
  ]);
}, 120_000);

test('the third leaves: the others see it and go on', async () => {
  const { young, desk, third } = await threeWhoTalk(browser, server);
  await third.page.getByTestId('end-conversation').click();
  await third.page.getByTestId('end-confirm').click();
  await third.talk.isState('ended');
  for (const { page } of [young, desk]) {
    await page.locator('[data-testid=note][data-kind=left]').waitFor();
    await areThere(page, 2);
  }
  await young.talk.say('så er vi to igen');
  await desk.talk.hasHeard(['så er vi to igen']);
  await expect
    .poll(() => young.page.locator('[data-from=me]:not([data-delivered])').count())
    .toBe(0);
  expect(await third.page.evaluate(() => sessionStorage.length)).toBe(0);
}, 90_000);

test('the counsellor asks the third to go: all see it, and nothing more is theirs to read', async () => {
  const { young, desk, third } = await threeWhoTalk(browser, server);
  await desk.page.getByTestId('remove-third').click();
  await desk.page.getByTestId('remove-confirm').click();
  await third.talk.isState('ended');
  await third.page.getByText('Du er ikke længere med').waitFor();
  for (const { page } of [young, desk])
    await page.locator('[data-testid=note][data-kind=removed]').waitFor();
  await young.talk.say('kun til Mikkel');
  await desk.talk.hasHeard(['kun til Mikkel']);
  expect(await third.page.locator('body').innerText()).not.toContain('kun til Mikkel');
  // Somebody else can come after that.
  const link = await agreeOnLink(young.page, desk.page);
  const next = await openLink(browser, link, 'Far');
  await next.talk.isState('open');
  for (const { page } of [young, desk, next]) await areThere(page, 3);
}, 120_000);

test.each(['young', 'desk'] as const)(
  'ended by %s it is over for all, and nothing is kept',
  async (who) => {
    const people = await threeWhoTalk(browser, server);
    await people[who].page.getByTestId('end-conversation').click();
    await people[who].page.getByTestId('end-confirm').click();
    for (const { talk } of [people.young, people.desk, people.third]) await talk.isState('ended');
    for (const { page } of [people.young, people.desk, people.third])
      expect(
        await page.evaluate(() =>
          Object.keys(sessionStorage).filter((key) => /^frirum(-pair)?:/.test(key))
        )
      ).toEqual([]);
  },
  90_000
);

test('the young person leaves in a hurry: nobody goes on in the room', async () => {
  const { young, desk, third } = await threeWhoTalk(browser, server);
  await young.context.route(/dmi\.dk/, (route) => route.fulfill({ body: 'vejret' }));
  await young.page.getByTestId('leave-now').click();
  await young.page.waitForURL(/dmi\.dk/);
  await desk.talk.isState('interrupted');
  await third.talk.isState('interrupted');
}, 90_000);
