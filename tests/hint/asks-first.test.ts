import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { aPage, openBrowser, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, Talk, takeNext } from '#tests/support/journey.ts';

let browser: Browser;
let app: RunningApp;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  app = await startApp();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await app.stop();
});

const hint = (page: Page) => page.getByTestId('hint');
const kindsOf = (page: Page) => hint(page).getAttribute('data-kinds');

/** Everything that leaves the page from now on, and what it stores. */
function watch(page: Page) {
  const left: string[] = [];
  page.on('request', (request) => left.push(request.url()));
  page.context().on('page', () => left.push('a page'));
  return left;
}
const stored = (page: Page) =>
  page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])
  );

async function twoWhoTalk() {
  const frames: number[] = [];
  const young = await aYoungPerson(browser, app);
  const desk = await aCounsellorAtTheDesk(browser, app);
  await young.page.reload();
  young.page.on('websocket', (socket) => socket.on('framesent', () => frames.push(Date.now())));
  await young.page.reload();
  await takeNext(desk.page);
  await Promise.all([young.talk.isState('open'), desk.talk.isState('open')]);
  return { young, desk, frames };
}

test('before a number goes out the page asks, and nothing of it leaves the device', async () => {
  const { young, desk, frames } = await twoWhoTalk();
  const { page } = young;
  await young.talk.say('hej, jeg er 15 og vi ses kl. 20:30');
  await desk.talk.hasHeard(['hej, jeg er 15 og vi ses kl. 20:30']);
  expect(await hint(page).count()).toBe(0);

  await page.getByTestId('composer').fill('ring på 28 47 19 03');
  // Typing is told every few seconds; receipts and questions are over by then.
  await new Promise((quiet) => setTimeout(quiet, 1_500));
  const before = await stored(page);
  const [left, sent] = [watch(page), frames.length];
  await page.getByTestId('send').click();
  await hint(page).waitFor();
  expect(await kindsOf(page)).toBe('phone');
  await page.getByText('Så kan dine forældre også få noget at vide.').waitFor();
  await new Promise((quiet) => setTimeout(quiet, 1_000));
  expect(left).toEqual([]);
  // At most a sign of life, which every line gives every ten seconds, and the sync of a quiet side.
  expect(frames.length - sent).toBeLessThanOrEqual(2);
  expect(await stored(page)).toBe(before);
  expect(await desk.talk.messages('other')).toHaveLength(1);

  // Once the writer changes the text, the question is gone.
  await page.getByTestId('composer').fill('ring ikke');
  expect(await hint(page).count()).toBe(0);
  await page.getByTestId('send').click();
  await desk.talk.hasHeard(['hej, jeg er 15 og vi ses kl. 20:30', 'ring ikke']);
  expect(young.complaints).toEqual([]);
}, 60_000);

test('it can be sent all the same, without it, or changed; and is asked once about each kind', async () => {
  const { young, desk } = await twoWhoTalk();
  const { page } = young;
  const heard: string[] = [];
  await young.talk.say('jeg hedder Sofie Hansen, skriv til s.hansen@gmail.com');
  await hint(page).waitFor();
  expect(await kindsOf(page)).toBe('name email');
  await page.getByTestId('hint-without').click();
  heard.push('jeg hedder …, skriv til …');
  await desk.talk.hasHeard(heard);
  expect(await page.getByTestId('composer').inputValue()).toBe('');

  await young.talk.say('28471903');
  await page.getByTestId('hint-change').click();
  expect(await hint(page).count()).toBe(0);
  expect(await page.getByTestId('composer').inputValue()).toBe('28471903');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
    'composer'
  );
  await page.getByTestId('send').click();
  await page.getByTestId('hint-send').click();
  heard.push('28471903');
  await desk.talk.hasHeard(heard);

  await young.talk.say('eller 30 12 45 67');
  heard.push('eller 30 12 45 67');
  await desk.talk.hasHeard(heard);
  await young.talk.say('mit cpr er 241208-1234');
  expect(await kindsOf(page)).toBe('cpr');
}, 60_000);

test('what waits in the field for whoever comes is asked about as well', async () => {
  const young = await aYoungPerson(browser, app);
  await young.page.getByTestId('composer').fill('jeg bor på Nørrebrogade 112');
  await young.page.getByTestId('leave-queue').focus();
  const desk = await aCounsellorAtTheDesk(browser, app);
  await takeNext(desk.page);
  await hint(young.page).waitFor();
  expect(await kindsOf(young.page)).toBe('address');
  expect(await desk.talk.messages('other')).toEqual([]);
  await young.page.getByTestId('hint-send').click();
  await desk.talk.hasHeard(['jeg bor på Nørrebrogade 112']);
}, 60_000);

test('a professional and a counsellor are not asked', async () => {
  const person = await aPage(browser, phone);
  const talk = new Talk(person.page.locator('body'));
  await person.page.goto(app.origin);
  await person.page.getByTestId('who-professional').click();
  await person.page.getByTestId('start-chat').click();
  await person.page.getByTestId('queue-position').waitFor();
  const desk = await aCounsellorAtTheDesk(browser, app);
  await takeNext(desk.page);
  await talk.isState('open');
  await talk.say('ring til mig på 28 47 19 03');
  await desk.talk.hasHeard(['ring til mig på 28 47 19 03']);
  await desk.talk.say('Mit er 30 12 45 67');
  await talk.hasHeard(['Mit er 30 12 45 67']);
}, 60_000);
