import { afterEach, describe, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { Tunnel } from '#tests/support/tunnel.ts';
import { whileGood } from '#tests/support/while-good.ts';
import { twoWhoTalk } from '#tests/roster/people.ts';
import { conversation } from './a-conversation.ts';
import { EverythingSaid } from './everything-said.ts';

const { browser, server } = await browserAndServer();

describe('one long conversation', () => {
  const long = whileGood(
    async () => {
      const young = await aYoungPerson(browser, server);
      const desk = await aCounsellorAtTheDesk(browser, server);
      const tunnels = [
        await Tunnel.under(young.context),
        await Tunnel.under(desk.context)
      ] as const;
      // Lines opened before the tunnels were there are closed by the reloads.
      await Promise.all([young.page.reload(), desk.page.reload()]);
      await takeNext(desk.page);
      await Promise.all([young.talk.isState('open'), desk.talk.isState('open')]);
      const all = new EverythingSaid(['young', 'desk'], { young, desk });
      return { young, desk, tunnels, all };
    },
    ({ young, desk }) => Promise.all([young.context.close(), desk.context.close()])
  );

  test('a hundred messages in both directions arrive once and in order', async () => {
    const { young, desk, all } = await long.get();
    const code = (page: typeof young.page) => page.getByTestId('short-code').textContent();
    expect(await code(young.page)).toMatch(/^\d{6}$/);
    expect(await code(young.page)).toBe(await code(desk.page));
    for (const [by, text] of conversation) await all.say(by === 'u' ? 'young' : 'desk', text);
    await all.isOnAllPages();
    // Every own message says that it has reached the other.
    for (const { page } of [young, desk])
      await expect
        .poll(() =>
          page.locator('[data-testid=message][data-from=me]:not([data-delivered])').count()
        )
        .toBe(0);
    expect(young.complaints).toEqual([]);
  }, 90_000);

  test('goes on after either page was reloaded, with everything that was said', async () => {
    const { young, desk, all } = await long.get();
    await all.say('young', 'første');
    await all.say('desk', 'Andet.');
    await all.isOnAllPages();
    await young.page.reload();
    await all.say('desk', 'Skrevet, mens du var væk.');
    await young.talk.isState('open');
    await all.isOnAllPages();
    await all.say('young', 'jeg er her igen');
    await desk.talk.hasHeardLast('jeg er her igen');

    await desk.page.reload();
    await desk.talk.isState('open');
    await all.isOnAllPages();
    await all.say('desk', 'Det er jeg også.');
    await all.isOnAllPages();
  }, 60_000);

  test('goes on through a tunnel of the train', async () => {
    const { young, tunnels, all } = await long.get();
    await tunnels[0].enter();
    await all.say('young', 'kan du høre mig?');
    await all.say('desk', 'Jeg venter her.');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await young.page.locator('[data-testid=message][data-state=sending]').count()).toBe(1);
    tunnels[0].leave();
    await all.isOnAllPages();
  }, 60_000);

  test('goes on when the phone was locked and the server started again meanwhile', async () => {
    const { tunnels, all } = await long.get();
    await tunnels[0].enter();
    await all.say('desk', 'Tag den tid, du skal bruge.');
    await server.kill();
    await server.start();
    await all.say('desk', 'Jeg er her stadig.');
    tunnels[0].leave();
    await all.isOnAllPages();
    await all.say('young', 'tilbage');
    await all.isOnAllPages();
  }, 60_000);

  test('twenty cut lines and two killed servers lose nothing', async () => {
    const { tunnels, all } = await long.get();
    const connections = () => tunnels.reduce((sum, tunnel) => sum + tunnel.connections, 0);
    const before = connections();
    for (const [index, [by, text]] of conversation.entries()) {
      await all.say(by === 'u' ? 'young' : 'desk', text);
      if (index % 5 === 2) await tunnels[(index / 5) & 1]?.cut();
      if (index === 33 || index === 71) {
        await server.kill();
        await server.start();
      }
    }
    await all.isOnAllPages(60_000);
    expect(connections() - before).toBeGreaterThanOrEqual(20);
  }, 150_000);

  test('a second tab takes over, and the first says so', async () => {
    const { young, desk } = await long.get();
    const kept = await young.page.evaluate(() =>
      Object.fromEntries(Object.entries(sessionStorage))
    );
    const second = await young.context.newPage();
    await second.addInitScript((storage) => Object.assign(sessionStorage, storage), kept);
    await second.goto(`${server.origin}/chat`);
    await second.locator('[data-testid=conversation][data-state=open]').waitFor();
    await young.talk.isState('interrupted');
    await desk.talk.say('Er du her?');
    await second.getByTestId('message').filter({ hasText: 'Er du her?' }).waitFor();
    await long.clear();
  }, 60_000);
});

describe('a conversation of their own', () => {
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

  test.each(['young', 'desk'] as const)(
    'the end, said by %s: gone for both, nothing kept',
    async (who) => {
      const people = await twoWhoTalk(browser, server);
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
    const { young, desk } = await twoWhoTalk(browser, server);
    await young.context.route(/dmi\.dk/, (route) => route.fulfill({ body: 'vejret' }));
    await young.talk.say('min far kommer');
    await desk.talk.hasHeard(['min far kommer']);
    await young.page.getByTestId('leave-now').click();
    await young.page.waitForURL(/dmi\.dk/);
    await desk.talk.isState('interrupted');
    await young.page.goBack().catch(() => null);
    expect(await young.page.getByTestId('message').count()).toBe(0);
  }, 60_000);

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
});
