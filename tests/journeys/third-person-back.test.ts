import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '#tests/support/browser.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { Tunnel } from '#tests/support/tunnel.ts';
import {
  agreeOnLink,
  areThere,
  hasHeard,
  openLink,
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
  // A cut line is noticed by its silence; locked-phone.test.ts keeps the ten seconds of a real house.
  server = await ServerProcess.start({ FRIRUM_SILENCE: '3' });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.remove();
});

const all = ['young', 'desk', 'third'] as const;
type Three = Awaited<ReturnType<typeof threeWhoTalk>>;

/** Every word of everybody, as each of the three pages has it. */
async function isOnAllPages(three: Three, said: Record<(typeof all)[number], string[]>) {
  const reads = (page: Page) =>
    page
      .locator('[data-testid=message] [dir=auto]')
      .evaluateAll((found) => found.map((one) => one.textContent ?? ''));
  for (const reader of all)
    for (const writer of all) {
      const mine = said[writer];
      await expect
        .poll(async () => (await reads(three[reader].page)).filter((text) => mine.includes(text)), {
          timeout: 30_000,
          message: `${reader} reads ${writer}`
        })
        .toEqual(mine);
    }
}

test.each(all)(
  'the page of %s is reloaded: everybody is still there, and nothing is lost or doubled',
  async (who) => {
    const three = await threeWhoTalk(browser, server);
    const said = { young: ['ung før'], desk: ['mikkel før'], third: ['mor før'] };
    for (const one of all) await three[one].talk.say(said[one][0] ?? '');
    await isOnAllPages(three, said);
    await three[who].page.reload();
    for (const one of all)
      if (one !== who) {
        said[one].push(`${one} imens`);
        await three[one].talk.say(`${one} imens`);
      }
    await three[who].talk.isState('open');
    for (const { page } of [three.young, three.desk, three.third]) await areThere(page, 3);
    for (const one of all) {
      said[one].push(`${one} efter`);
      await three[one].talk.say(`${one} efter`);
    }
    await isOnAllPages(three, said);
    await hasHeard(
      three.young.page,
      'third',
      said.third.map((text) => `Mor: ${text}`)
    );
  },
  120_000
);

test.each(all)(
  'the line of %s is cut: the others see it, and everything comes when it is back',
  async (who) => {
    const three = await threeWhoTalk(browser, server);
    const tunnel = await Tunnel.under(three[who].context);
    await three[who].page.reload();
    await three[who].talk.isState('open');
    for (const one of all) await areThere(three[one].page, 3);
    await tunnel.enter();
    for (const one of all)
      if (one !== who)
        await expect
          .poll(() => three[one].page.locator('[data-testid=roster-member].away').count(), {
            timeout: 30_000
          })
          .toBe(1);
    const said = { young: ['ung'], desk: ['mikkel'], third: ['mor'] };
    for (const one of all) await three[one].talk.say(said[one][0] ?? '');
    tunnel.leave();
    await isOnAllPages(three, said);
    for (const one of all) await areThere(three[one].page, 3);
  },
  120_000
);

test('what was on its way to a page that is reloaded arrives, also when another has not got it yet', async () => {
  const three = await threeWhoTalk(browser, server);
  const { young, desk } = three;
  const line = await Tunnel.under(young.context);
  await young.page.reload();
  await young.talk.isState('open');
  for (const one of all) await areThere(three[one].page, 3);
  const deskLine = await Tunnel.under(desk.context);
  await desk.page.reload();
  await desk.talk.isState('open');
  for (const one of all) await areThere(three[one].page, 3);

  // The second line of the young page leads to the third; nothing is heard on it for a while.
  expect(line.connections).toBe(2);
  line.stall(2);
  await deskLine.enter();
  await young.talk.say('på vej');
  await desk.page.reload();
  deskLine.leave();
  await desk.talk.isState('open');
  await young.talk.say('og så det her');
  await expect
    .poll(() => desk.talk.messages('other'), { timeout: 30_000 })
    .toEqual(['på vej', 'og så det her']);
  line.goOn();
  await isOnAllPages(three, { young: ['på vej', 'og så det her'], desk: [], third: [] });
}, 120_000);

test('a server that is killed and started again loses nothing of three', async () => {
  const three = await threeWhoTalk(browser, server);
  const said = { young: ['ung'], desk: ['mikkel'], third: ['mor'] };
  for (const one of all) await three[one].talk.say(said[one][0] ?? '');
  await isOnAllPages(three, said);
  await server.kill();
  for (const one of all) {
    said[one].push(`${one} imens`);
    await three[one].talk.say(`${one} imens`);
  }
  await server.start();
  await isOnAllPages(three, said);
}, 120_000);

test('the counsellor reloads while the link is out: it still works', async () => {
  const { young, desk } = await twoWhoTalk(browser, server);
  const link = await agreeOnLink(young.page, desk.page);
  await desk.page.reload();
  await desk.page.getByTestId('invite-link').waitFor();
  const third = await openLink(browser, link);
  await third.talk.isState('open');
  for (const { page } of [young, desk, third]) await areThere(page, 3);
}, 90_000);

test('four people: a parent and an interpreter; a fifth is not asked', async () => {
  const { young, desk, third } = await threeWhoTalk(browser, server);
  const link = await agreeOnLink(young.page, desk.page);
  const fourth = await openLink(browser, link, 'Tolk Ali');
  await fourth.talk.isState('open');
  const four = [young, desk, third, fourth];
  for (const { page } of four) await areThere(page, 4);
  for (const { page } of [young, desk])
    await expect.poll(() => page.getByTestId('invite-third').count()).toBe(0);
  await fourth.talk.say('jeg oversætter');
  await third.talk.say('tak');
  await young.talk.say('okay');
  await desk.talk.say('Godt.');
  await expect
    .poll(() => fourth.talk.messages('third'), { timeout: 20_000 })
    .toEqual(expect.arrayContaining(['tak', 'okay']));
  await hasHeard(third.page, 'other', ['Mikkel: Godt.']);
  for (const { talk } of [young, desk])
    await expect
      .poll(async () => (await talk.messages('third')).toSorted(), { timeout: 20_000 })
      .toEqual(['jeg oversætter', 'tak']);
  await fourth.page.reload();
  await fourth.talk.isState('open');
  for (const { page } of four) await areThere(page, 4);
}, 150_000);
