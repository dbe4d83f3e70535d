import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { Tunnel } from '#tests/support/tunnel.ts';
import { whileGood } from '#tests/support/while-good.ts';
import {
  agreeOnLink,
  areThere,
  hasHeardLast,
  heardFrom,
  openLink,
  threeWhoTalk,
  twoWhoTalk
} from '#tests/roster/people.ts';
import { EverythingSaid } from './everything-said.ts';

// A cut line is noticed by its silence; locked-phone.test.ts keeps the ten seconds of a real house.
const { browser, server } = await browserAndServer({ settings: { FRIRUM_SILENCE: '3' } });
const nobodyIsThere = () => Promise.all(browser.contexts().map((context) => context.close()));

const names = ['young', 'desk', 'third'] as const;
type Name = (typeof names)[number];

const conversation = whileGood(async () => {
  const { young, desk, third } = await threeWhoTalk(browser, server);
  const three = { young, desk, third };
  const all = new EverythingSaid(names, three);
  const tunnels = new Map<Name, Promise<Tunnel>>();
  /** From here on this page's lines can be cut. */
  const under = async (who: Name) => {
    const made = tunnels.get(who) ?? Tunnel.under(three[who].context);
    tunnels.set(who, made);
    const tunnel = await made;
    const before = tunnel.connections;
    await three[who].page.reload();
    await three[who].talk.isState('open');
    await allAreThere();
    return { tunnel, connections: tunnel.connections - before };
  };
  const allAreThere = async () => {
    for (const one of names) await areThere(three[one].page, 3);
  };
  return { three, all, under, allAreThere };
}, nobodyIsThere);

test.each(names)(
  'the page of %s is reloaded: everybody is still there, and nothing is lost or doubled',
  async (who) => {
    const { three, all, allAreThere } = await conversation.get();
    for (const one of names) await all.say(one, `${one} før ${who}`);
    await all.isOnAllPages();
    await three[who].page.reload();
    for (const one of names) if (one !== who) await all.say(one, `${one} imens ${who}`);
    await three[who].talk.isState('open');
    await allAreThere();
    for (const one of names) await all.say(one, `${one} efter ${who}`);
    await all.isOnAllPages();
    expect(await heardFrom(three.young.page, 'third')).toContain(`Mor: third efter ${who}`);
  },
  120_000
);

test.each(names)(
  'the line of %s is cut: the others see it, and everything comes when it is back',
  async (who) => {
    const { three, all, under, allAreThere } = await conversation.get();
    const { tunnel } = await under(who);
    await tunnel.enter();
    for (const one of names)
      if (one !== who)
        await expect
          .poll(() => three[one].page.locator('[data-testid=roster-member].away').count(), {
            timeout: 30_000
          })
          .toBe(1);
    for (const one of names) await all.say(one, `${one} uden ${who}`);
    tunnel.leave();
    await all.isOnAllPages();
    await allAreThere();
  },
  120_000
);

test('what was on its way to a page that is reloaded arrives, also when another has not got it yet', async () => {
  const { three, all, under } = await conversation.get();
  const { desk } = three;
  const young = await under('young');
  const deskLine = await under('desk');

  // The second line of the young page leads to the third; nothing is heard on it for a while.
  expect(young.connections).toBe(2);
  const line = young.tunnel;
  line.stall(line.connections);
  await deskLine.tunnel.enter();
  await all.say('young', 'på vej');
  await desk.page.reload();
  deskLine.tunnel.leave();
  await desk.talk.isState('open');
  await all.say('young', 'og så det her');
  await expect
    .poll(async () => (await desk.talk.messages('other')).slice(-2), { timeout: 30_000 })
    .toEqual(['på vej', 'og så det her']);
  line.goOn();
  await all.isOnAllPages();
}, 120_000);

test('a server that is killed and started again loses nothing of three', async () => {
  const { all } = await conversation.get();
  for (const one of names) await all.say(one, `${one} før det sker`);
  await all.isOnAllPages();
  await server.kill();
  for (const one of names) await all.say(one, `${one} mens den er væk`);
  await server.start();
  await all.isOnAllPages();
}, 120_000);

test('four people: a parent and an interpreter; a fifth is not asked', async () => {
  const { young, desk, third } = (await conversation.get()).three;
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
  // Who comes later hears nothing of what was said before.
  await expect
    .poll(async () => (await fourth.talk.messages('third')).toSorted(), { timeout: 20_000 })
    .toEqual(['okay', 'tak']);
  await hasHeardLast(third.page, 'other', ['Mikkel: Godt.']);
  for (const { talk } of [young, desk])
    await expect
      .poll(async () => (await talk.messages('third')).slice(-2).toSorted(), { timeout: 20_000 })
      .toEqual(['jeg oversætter', 'tak']);
  await fourth.page.reload();
  await fourth.talk.isState('open');
  for (const { page } of four) await areThere(page, 4);
  await conversation.clear();
}, 150_000);

test('the counsellor reloads while the link is out: it still works', async () => {
  const { young, desk } = await twoWhoTalk(browser, server);
  const link = await agreeOnLink(young.page, desk.page);
  await desk.page.reload();
  await desk.page.getByTestId('invite-link').waitFor();
  const third = await openLink(browser, link);
  await third.talk.isState('open');
  for (const { page } of [young, desk, third]) await areThere(page, 3);
}, 90_000);
