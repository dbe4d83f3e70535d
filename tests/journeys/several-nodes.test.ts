import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { areThere, handOverTo } from '#tests/roster/people.ts';
import { openBrowser } from '#tests/support/browser.ts';
import { HouseBehindNginx } from '#tests/support/house-behind-nginx.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';

let house: HouseBehindNginx;
let browser: Browser;
beforeAll(async () => {
  [house, browser] = await Promise.all([HouseBehindNginx.start(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.stop();
});

test('a conversation over three nodes goes on while each of them dies and Redis forgets all', async () => {
  const visitor = await aYoungPerson(browser, house);
  const desk = await aCounsellorAtTheDesk(browser, house);
  await takeNext(desk.page);
  for (const { talk } of [visitor, desk]) await talk.isState('open');
  const sockets = await house.sockets();
  expect(sockets.filter((count) => count > 0).length).toBeGreaterThan(1);

  const said = { visitor: [] as string[], desk: [] as string[] };
  const talk = async (about: string) => {
    said.visitor.push(`jeg siger noget om ${about}`);
    await visitor.talk.say(`jeg siger noget om ${about}`);
    said.desk.push(`jeg svarer om ${about}`);
    await desk.talk.say(`jeg svarer om ${about}`);
  };
  const isHeard = async () => {
    await desk.talk.hasHeard(said.visitor, 60_000);
    await visitor.talk.hasHeard(said.desk, 60_000);
  };

  await talk('skolen');
  await isHeard();
  for (const [n, node] of house.nodes.entries()) {
    await node.kill();
    await talk(`node ${n} der er død`);
    await isHeard();
    await node.start();
  }
  await house.volatile.kill();
  await talk('det ingen gemmer');
  await house.volatile.up();
  await talk('det der kom igen');
  await isHeard();

  // And a colleague, at whatever node the balancer has given her, takes it over.
  const sofie = await aCounsellorAtTheDesk(browser, house, 'sofie');
  await handOverTo('Sofie', desk.page, visitor.page);
  await sofie.page.getByTestId('offer-accept').click();
  await sofie.talk.say('Hej, jeg hedder Sofie.');
  await visitor.talk.hasHeard([...said.desk, 'Hej, jeg hedder Sofie.']);
  await desk.page.getByTestId('let-go').click();
  await desk.talk.isState('ended');
  for (const { page } of [visitor, sofie]) await areThere(page, 2);
  await visitor.talk.say('nu er det os to');
  await sofie.talk.hasHeard(['nu er det os to']);
}, 240_000);
