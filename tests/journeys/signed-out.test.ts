import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';

const { browser, server } = await browserAndServer();

test('a session that ends in the middle takes nothing along: the words, the draft, the young person', async () => {
  const young = await aYoungPerson(browser, server);
  const { page, talk, context } = await aCounsellorAtTheDesk(browser, server);
  await takeNext(page);
  await young.talk.isState('open');
  await young.talk.say('er du der?');
  await talk.hasHeard(['er du der?']);
  await page.getByTestId('composer').fill('Ja, jeg skriver lige');

  // The same session, ended elsewhere: every socket of it closes.
  await context.request.post(`${server.origin}/desk/sign-out`, {
    headers: { origin: server.origin }
  });
  await page.getByTestId('sign-in-signed-out').waitFor();
  expect(await page.content()).not.toContain('er du der?');
  await young.talk.say('jeg venter');

  await page.getByTestId('sign-in-name').fill('mikkel');
  await page.getByTestId('sign-in-password').fill(server.password('mikkel'));
  await page.getByTestId('sign-in-submit').click();
  await talk.hasHeard(['er du der?', 'jeg venter']);
  expect(await page.getByTestId('composer').inputValue()).toBe('Ja, jeg skriver lige');
  await page.getByTestId('send').click();
  await young.talk.hasHeard(['Ja, jeg skriver lige']);
}, 60_000);

test('who comes to the desk of somebody who was signed out sees nothing of it', async () => {
  const young = await aYoungPerson(browser, server);
  const { page, talk, context } = await aCounsellorAtTheDesk(browser, server, 'sofie');
  await takeNext(page);
  await young.talk.isState('open');
  await young.talk.say('kun til dig');
  await talk.hasHeard(['kun til dig']);
  await context.request.post(`${server.origin}/desk/sign-out`, {
    headers: { origin: server.origin }
  });
  await page.getByTestId('sign-in-name').fill('mikkel');
  await page.getByTestId('sign-in-password').fill(server.password('mikkel'));
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('sign-out').waitFor();
  await page.waitForLoadState('load');
  await page.getByTestId('sign-out').waitFor();
  expect(await page.content()).not.toContain('kun til dig');
}, 60_000);
