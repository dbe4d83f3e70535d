import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chairMayBeEmpty, mayAskForAnother } from '#shared/queue/patience.ts';
import { defaultLimits } from '#server/wire/limits.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { openBrowser } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { renderersOf } from '#tests/support/renderers.ts';
import { Tunnel } from '#tests/support/tunnel.ts';

let browser: Browser;
/** A counsellor's laptop of its own, whose processes can be stopped. */
let laptop: Browser;
let app: RunningApp;
/** How far the service's time is ahead of ours. */
let ahead = 0;
beforeAll(async () => {
  [browser, laptop] = await Promise.all([openBrowser(), openBrowser()]);
});
afterAll(() => Promise.all([browser.close(), laptop.close()]));
beforeEach(async () => {
  ahead = 0;
  const limits = { ...defaultLimits, silence: 3_000 };
  app = await startApp({ clock: { now: () => Date.now() + ahead }, limits });
});
afterEach(async () => {
  await Promise.all([browser, laptop].flatMap((one) => one.contexts().map((c) => c.close())));
  await app.stop();
});

const isBack = (page: Page, why: string, timeout = 15_000) =>
  page.locator(`[data-testid=returned][data-why=${why}]`).waitFor({ timeout });
/** A line that was cut is noticed by its silence; locked-phone.test.ts keeps the ten seconds of a real house. */
const looksAway = (page: Page) => page.getByText('Er væk et øjeblik').waitFor({ timeout: 40_000 });
const place = (page: Page) => page.getByTestId('queue-position').textContent();

test('the counsellor’s lid falls before both have written: back to the old place, with the words', async () => {
  const young = await aYoungPerson(browser, app);
  const asleep = await aCounsellorAtTheDesk(laptop, app);
  await takeNext(asleep.page);
  await young.talk.isState('open');
  const second = await aYoungPerson(browser, app);
  await young.talk.say('hej, er der nogen?');
  await young.talk.say('jeg har det ikke så godt');
  await asleep.talk.hasHeard(['hej, er der nogen?', 'jeg har det ikke så godt']);
  await young.page.getByTestId('composer').fill('altså');

  const renderers = await renderersOf(laptop);
  for (const pid of renderers) process.kill(pid, 'SIGSTOP');
  try {
    await looksAway(young.page);
    ahead += chairMayBeEmpty;
    await isBack(young.page, 'counsellor-away');
    // A certificate of a time that is still to come is refused, and rightly so.
    ahead = 0;
    await expect.poll(() => place(young.page)).toContain('1');
    await expect.poll(() => place(second.page)).toContain('2');
    expect(await young.page.getByTestId('composer').inputValue()).toBe(
      'hej, er der nogen?\njeg har det ikke så godt\naltså'
    );
    await young.page.reload();
    await isBack(young.page, 'counsellor-away');
    // What nobody answered was in this page's memory and nowhere else.
    await young.page.getByTestId('composer').fill('er der en anden?');
    await young.page.getByTestId('leave-queue').focus();

    const other = await aCounsellorAtTheDesk(browser, app, 'sofie');
    await expect
      .poll(() => other.page.getByTestId('queue-item').first().textContent())
      .toContain('kommet tilbage');
    await takeNext(other.page);
    await other.talk.hasHeard(['er der en anden?']);
    await other.talk.say('Ja, jeg er her.');
    await young.talk.hasHeard(['Ja, jeg er her.']);

    for (const pid of renderers) process.kill(pid, 'SIGCONT');
    await asleep.talk.isState('interrupted');
    await asleep.page.getByText('Samtalen gik tilbage i køen').waitFor();
    await young.talk.say('godt');
    await other.talk.hasHeard(['er der en anden?', 'godt']);
    expect(await asleep.talk.messages('other')).toHaveLength(2);
  } finally {
    for (const pid of renderers) process.kill(pid, 'SIGCONT');
  }
  expect(
    [...young.complaints, ...asleep.complaints].filter((one) => !/WebSocket/.test(one))
  ).toEqual([]);
}, 150_000);

test('the same counsellor takes the same visitor again', async () => {
  const young = await aYoungPerson(browser, app);
  const desk = await aCounsellorAtTheDesk(browser, app);
  const tunnel = await Tunnel.under(desk.context);
  await desk.page.reload();
  await takeNext(desk.page);
  await young.talk.isState('open');
  await tunnel.enter();
  await young.talk.say('hallo?');
  await looksAway(young.page);
  ahead += chairMayBeEmpty;
  await isBack(young.page, 'counsellor-away');
  tunnel.leave();
  await desk.talk.isState('interrupted');
  await takeNext(desk.page);
  await desk.talk.isState('open');
  // It is sent by itself to whoever comes, unless it is still being written.
  await young.page.getByTestId('end-conversation').focus();
  if ((await desk.talk.messages('other')).length === 0) {
    await young.page.getByTestId('composer').waitFor();
    if (await young.page.getByTestId('composer').inputValue())
      await young.page.getByTestId('send').click();
  }
  await desk.talk.hasHeard(['hallo?']);
  await desk.talk.say('Nu er jeg her igen.');
  await young.talk.hasHeard(['Nu er jeg her igen.']);
  expect(await desk.page.getByTestId('desk-conversation').count()).toBe(1);
  await desk.page.reload();
  await desk.talk.hasHeard(['hallo?']);
}, 90_000);

describe('once both have written', () => {
  const both = async (hasPatience = true) => {
    const young = await aYoungPerson(browser, app);
    // Two minutes of the page pass in one second; a clock that is moved would cut its line as well.
    await young.page.addInitScript(
      (long) => {
        const later = window.setTimeout;
        const soon = (act: TimerHandler, ms?: number) => later(act, ms === long ? 1_000 : ms);
        Object.assign(window, { setTimeout: soon });
      },
      hasPatience ? -1 : mayAskForAnother
    );
    await young.page.reload();
    const desk = await aCounsellorAtTheDesk(browser, app);
    const tunnel = await Tunnel.under(desk.context);
    await desk.page.reload();
    await takeNext(desk.page);
    await young.talk.isState('open');
    await young.talk.say('hej');
    await desk.talk.hasHeard(['hej']);
    await desk.talk.say('Hej. Jeg er her.');
    await young.talk.hasHeard(['Hej. Jeg er her.']);
    return { young, desk, tunnel };
  };

  test('a lost network of the counsellor loses nothing, however long', async () => {
    const { young, desk, tunnel } = await both();
    await tunnel.enter();
    await desk.talk.say('Hører du mig?');
    await young.talk.say('hvor blev du af');
    await looksAway(young.page);
    ahead += 2 * chairMayBeEmpty;
    await new Promise((twoLooks) => setTimeout(twoLooks, 2_500));
    await young.talk.isState('open');
    tunnel.leave();
    await desk.talk.hasHeard(['hej', 'hvor blev du af']);
    await young.talk.hasHeard(['Hej. Jeg er her.', 'Hører du mig?']);
    expect(await young.page.getByTestId('stand-again').count()).toBe(0);
  }, 90_000);

  test('after two minutes the visitor may ask for another, and the clip stays the same', async () => {
    const { young, desk, tunnel } = await both(false);
    const card = () =>
      young.page.locator('[data-testid=card]').first().getAttribute('data-clips-left');
    await expect.poll(card, { timeout: 20_000 }).toBe('4');
    await tunnel.enter();
    await looksAway(young.page);
    await young.page.getByTestId('stand-again').click();
    await young.page.getByText('Det gik ikke lige nu').waitFor();
    ahead += mayAskForAnother;
    await young.page.getByTestId('stand-again').click();
    await isBack(young.page, 'asked');
    await expect.poll(card).toBe('4');
    expect(await young.page.getByTestId('composer').inputValue()).toBe('');

    // A certificate of a time that is still to come is refused, and rightly so.
    ahead = 0;
    const other = await aCounsellorAtTheDesk(browser, app, 'sofie');
    await takeNext(other.page);
    await young.talk.isState('open');
    await other.talk.say('Hej, jeg hedder Sofie.');
    await young.talk.hasHeard(['Hej, jeg hedder Sofie.']);
    await young.talk.say('hej igen');
    await other.talk.hasHeard(['hej igen']);
    expect(await card()).toBe('4');
    tunnel.leave();
    await desk.page.getByText('Samtalen gik tilbage i køen').waitFor();
  }, 120_000);
});

test('two windows of one counsellor: one is closed, and nobody is left behind', async () => {
  const young = await aYoungPerson(browser, app);
  const desk = await aCounsellorAtTheDesk(browser, app);
  await takeNext(desk.page);
  await young.talk.isState('open');
  const window = await desk.context.newPage();
  await window.goto(`${app.origin}/desk`);
  await window.getByTestId('queue').waitFor();
  await window.close();
  ahead += chairMayBeEmpty;
  await new Promise((twoLooks) => setTimeout(twoLooks, 2_500));
  await young.talk.say('er du der?');
  await desk.talk.hasHeard(['er du der?']);

  const left = await desk.context.newPage();
  await left.goto(`${app.origin}/desk`);
  await left.getByTestId('queue').waitFor();
  await desk.page.close();
  await looksAway(young.page);
  ahead += chairMayBeEmpty;
  await isBack(young.page, 'counsellor-away');
  await expect.poll(() => left.getByTestId('queue-item').count()).toBe(1);
}, 90_000);

test('a pause and the end of a shift cut no conversation', async () => {
  const young = await aYoungPerson(browser, app);
  const desk = await aCounsellorAtTheDesk(browser, app);
  await takeNext(desk.page);
  await young.talk.isState('open');
  await desk.page.getByTestId('shift-pause').click();
  await young.talk.say('første');
  await desk.talk.hasHeard(['første']);
  await desk.page.getByTestId('shift-stop').click();
  ahead += chairMayBeEmpty;
  await new Promise((twoLooks) => setTimeout(twoLooks, 2_500));
  await desk.talk.say('Jeg er her stadig.');
  await young.talk.hasHeard(['Jeg er her stadig.']);
}, 60_000);
