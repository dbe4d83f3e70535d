import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openBrowser } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { Tunnel } from '#tests/support/tunnel.ts';
import { conversation, said } from './a-conversation.ts';

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

async function twoWhoTalk() {
  const young = await aYoungPerson(browser, server);
  const desk = await aCounsellorAtTheDesk(browser, server);
  await takeNext(desk.page);
  await Promise.all([young.talk.isState('open'), desk.talk.isState('open')]);
  return { young, desk };
}

test('a hundred messages in both directions arrive once and in order', async () => {
  const { young, desk } = await twoWhoTalk();
  const code = (page: typeof young.page) => page.getByTestId('short-code').textContent();
  expect(await code(young.page)).toMatch(/^\d{6}$/);
  expect(await code(young.page)).toBe(await code(desk.page));
  for (const [by, text] of conversation) await (by === 'u' ? young : desk).talk.say(text);
  await desk.talk.hasHeard(said('u'));
  await young.talk.hasHeard(said('r'));
  // Every own message says that it has reached the other.
  for (const { page } of [young, desk])
    await expect
      .poll(() => page.locator('[data-testid=message][data-from=me]:not([data-delivered])').count())
      .toBe(0);
  expect(young.complaints).toEqual([]);
}, 90_000);

test('twenty cut lines and two killed servers lose nothing', async () => {
  const young = await aYoungPerson(browser, server);
  const desk = await aCounsellorAtTheDesk(browser, server);
  await young.page.reload();
  const tunnels = [await Tunnel.under(young.context), await Tunnel.under(desk.context)];
  // Lines opened before the tunnels were there are closed by the reloads.
  await young.page.reload();
  await desk.page.reload();
  await takeNext(desk.page);
  await Promise.all([young.talk.isState('open'), desk.talk.isState('open')]);

  for (const [index, [by, text]] of conversation.entries()) {
    await (by === 'u' ? young : desk).talk.say(text);
    if (index % 5 === 2) await tunnels[(index / 5) & 1]?.cut();
    if (index === 33 || index === 71) {
      await server.kill();
      await server.start();
    }
  }
  await desk.talk.hasHeard(said('u'), 60_000);
  await young.talk.hasHeard(said('r'), 60_000);
  const connections = tunnels.reduce((sum, tunnel) => sum + tunnel.connections, 0);
  expect(connections).toBeGreaterThanOrEqual(20);
}, 150_000);

test('over a line on which every word takes two seconds both hear each other', async () => {
  const young = await aYoungPerson(browser, server);
  const late = (send: () => void) => void setTimeout(send, 2_200);
  await young.context.routeWebSocket(/socket\.io/, (page) => {
    const house = page.connectToServer();
    page.onMessage((message) => late(() => house.send(message)));
    house.onMessage((message) => late(() => page.send(message)));
  });
  await young.page.reload();
  await young.page.getByTestId('queue-position').waitFor();
  const desk = await aCounsellorAtTheDesk(browser, server);
  await takeNext(desk.page);
  await desk.talk.isState('open', 30_000);
  await desk.talk.say('Hej. Jeg er her.');
  await young.talk.isState('open', 30_000);
  await young.talk.say('kan du høre mig?');
  await desk.talk.hasHeard(['kan du høre mig?']);
  await young.talk.hasHeard(['Hej. Jeg er her.']);
}, 90_000);

describe('the conversation goes on', () => {
  test('through a tunnel of the train', async () => {
    const { young, desk } = await twoWhoTalk();
    const tunnel = await Tunnel.under(young.context);
    await young.page.reload();
    await young.talk.isState('open');
    await tunnel.enter();
    await young.talk.say('kan du høre mig?');
    await desk.talk.say('Jeg venter her.');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await young.page.locator('[data-testid=message][data-state=sending]').count()).toBe(1);
    tunnel.leave();
    await desk.talk.hasHeard(['kan du høre mig?']);
    await young.talk.hasHeard(['Jeg venter her.']);
  }, 60_000);

  test('after the page was reloaded, with everything that was said', async () => {
    const { young, desk } = await twoWhoTalk();
    await young.talk.say('første');
    await desk.talk.say('Andet.');
    await young.talk.hasHeard(['Andet.']);
    await desk.talk.hasHeard(['første']);
    await young.page.reload();
    await desk.talk.say('Skrevet, mens du var væk.');
    await young.talk.isState('open');
    await young.talk.hasHeard(['Andet.', 'Skrevet, mens du var væk.']);
    expect(await young.talk.messages('me')).toEqual(['første']);
    await young.talk.say('jeg er her igen');
    await desk.talk.hasHeard(['første', 'jeg er her igen']);

    await desk.page.reload();
    await desk.talk.isState('open');
    await desk.talk.hasHeard(['første', 'jeg er her igen']);
    expect(await desk.talk.messages('me')).toEqual(['Andet.', 'Skrevet, mens du var væk.']);
    await desk.talk.say('Det er jeg også.');
    await young.talk.hasHeard(['Andet.', 'Skrevet, mens du var væk.', 'Det er jeg også.']);
  }, 60_000);

  test('when the phone was locked and the server started again meanwhile', async () => {
    const { young, desk } = await twoWhoTalk();
    const tunnel = await Tunnel.under(young.context);
    await young.page.reload();
    await young.talk.isState('open');
    await tunnel.enter();
    await desk.talk.say('Tag den tid, du skal bruge.');
    await server.kill();
    await server.start();
    await desk.talk.say('Jeg er her stadig.');
    tunnel.leave();
    await young.talk.hasHeard(['Tag den tid, du skal bruge.', 'Jeg er her stadig.']);
    await young.talk.say('tilbage');
    await desk.talk.hasHeard(['tilbage']);
  }, 60_000);
});

describe('the end', () => {
  test.each(['young', 'desk'] as const)(
    'said by %s: gone for both, nothing kept',
    async (who) => {
      const people = await twoWhoTalk();
      const other = who === 'young' ? people.desk : people.young;
      await people.young.talk.say('farvel');
      await people.desk.talk.hasHeard(['farvel']);
      const { page } = people[who];
      await page.getByTestId('end-conversation').click();
      await page.getByTestId('end-confirm').click();
      await people[who].talk.isState('ended');
      await other.talk.isState('ended');
      for (const { page: one } of [people.young, people.desk]) {
        const kept = await one.evaluate(() =>
          Object.keys(sessionStorage).filter((key) => key.startsWith('frirum:'))
        );
        expect(kept).toEqual([]);
        await expect
          .poll(() => one.evaluate(() => performance.getEntriesByType('resource').length))
          .toBeGreaterThan(0);
      }
      await people.young.page.reload();
      expect(await people.young.page.getByTestId('message').count()).toBe(0);
    },
    60_000
  );

  test('the young person leaves in a hurry: the counsellor sees that the line was cut', async () => {
    const { young, desk } = await twoWhoTalk();
    await young.context.route(/dmi\.dk/, (route) => route.fulfill({ body: 'vejret' }));
    await young.talk.say('min far kommer');
    await desk.talk.hasHeard(['min far kommer']);
    await young.page.getByTestId('leave-now').click();
    await young.page.waitForURL(/dmi\.dk/);
    await desk.talk.isState('interrupted');
    await young.page.goBack().catch(() => null);
    expect(await young.page.getByTestId('message').count()).toBe(0);
  }, 60_000);
});

test('a second tab takes over, and the first says so', async () => {
  const { young, desk } = await twoWhoTalk();
  const kept = await young.page.evaluate(() => Object.fromEntries(Object.entries(sessionStorage)));
  const second = await young.context.newPage();
  await second.addInitScript((storage) => Object.assign(sessionStorage, storage), kept);
  await second.goto(`${server.origin}/chat`);
  await second.locator('[data-testid=conversation][data-state=open]').waitFor();
  await young.talk.isState('interrupted');
  await desk.talk.say('Er du her?');
  await expect.poll(() => second.getByTestId('message').count()).toBe(1);
}, 60_000);
