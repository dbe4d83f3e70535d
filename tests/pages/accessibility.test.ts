import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aPage, desktop, openBrowser } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { goTo, stages } from '#tests/support/visitor-pages.ts';

let browser: Browser;
let server: ServerProcess;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
// Each begins with an empty queue.
beforeEach(async () => {
  server = await ServerProcess.start();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.remove();
});

const narrow = { viewport: { width: 320, height: 568 } };

describe('nothing on the way bars anybody', { timeout: 90_000 }, () => {
  it.each(['da', 'en'] as const)('the front door (%s)', async (language) => {
    const { page } = await aPage(browser);
    await goTo(page, server.origin, 'door', language);
    await expectNoBarrier(page);
  });

  it.each(['choosing', 'waiting'] as const)('the chat, %s', async (stage) => {
    const { page } = await aPage(browser);
    await goTo(page, server.origin, stage);
    await expectNoBarrier(page);
  });

  it('a page that does not exist', async () => {
    const { page } = await aPage(browser);
    await page.goto(`${server.origin}/nowhere`);
    await expectNoBarrier(page);
  });

  it('signing in, and being refused', async () => {
    const { page } = await aPage(browser);
    await page.goto(`${server.origin}/desk`);
    await page.getByTestId('sign-in-name').fill('mikkel');
    await page.getByTestId('sign-in-password').fill('det er ikke den rigtige');
    await page.getByTestId('sign-in-submit').click();
    await page.getByRole('alert').waitFor();
    await expectNoBarrier(page);
  });

  it('a conversation, on both sides, while somebody else waits', async () => {
    const young = await aYoungPerson(browser, server);
    const desk = await aCounsellorAtTheDesk(browser, server);
    await takeNext(desk.page);
    await young.talk.isState('open');
    await young.talk.say('hej, er der nogen?');
    await desk.talk.hasHeard(['hej, er der nogen?']);
    await desk.talk.say('Ja. Jeg hedder Mikkel.');
    await young.talk.hasHeard(['Ja. Jeg hedder Mikkel.']);
    await aYoungPerson(browser, server);
    await desk.page.getByTestId('queue-item').first().waitFor();
    await expectNoBarrier(young.page);
    await expectNoBarrier(desk.page);
    await young.page.getByTestId('end-conversation').click();
    await expectNoBarrier(young.page);
    await young.page.getByTestId('end-confirm').click();
    await young.talk.isState('ended');
    await expectNoBarrier(young.page);
  });
});

it('from the front door to a place in the queue without a mouse', async () => {
  const { page } = await aPage(browser, desktop);
  await page.goto(server.origin);
  /** Walks on until it stands there, and sees where it stands all the way. */
  const tabTo = async (what: string) => {
    for (let steps = 0; steps < 30; steps += 1) {
      await page.keyboard.press('Tab');
      const now = await page.evaluate(() => {
        const element = document.activeElement;
        const shown = element?.matches('.unseen') ? element.closest('label') : element;
        const style = shown && getComputedStyle(shown);
        return {
          id: element?.closest('[data-testid]')?.getAttribute('data-testid'),
          isMarked: style?.outlineStyle !== 'none' && parseFloat(style?.outlineWidth ?? '0') >= 2
        };
      });
      expect(now.isMarked, `${now.id} shows that it has the focus`).toBe(true);
      if (now.id === what) return;
    }
    throw new Error(`${what} cannot be reached`);
  };
  await tabTo('leave-now');
  await tabTo('who-young');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/chat#young');
  await page.getByTestId('age-under-18').waitFor();
  await tabTo('who-young');
  await tabTo('age-under-18');
  await page.keyboard.press('Space');
  await tabTo('topic-school');
  await page.keyboard.press('Space');
  await tabTo('start-chat');
  await page.keyboard.press('Enter');
  await page.getByTestId('queue-position').waitFor();
  await tabTo('leave-queue');
  await page.keyboard.press('Enter');
  await page.getByTestId('start-chat').waitFor();
});

it('the lamp breathes, and stops for whoever wants no motion', async () => {
  const { page } = await aPage(browser);
  await goTo(page, server.origin, 'waiting');
  const moving = () =>
    page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length
    );
  expect(await moving()).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moving).toBe(0);
  await page.setViewportSize(desktop.viewport);
  expect(await moving()).toBe(0);
});

it.each(stages)('320 pixels are wide enough: %s', async (stage) => {
  for (const language of ['da', 'en'] as const) {
    const { page } = await aPage(browser, narrow);
    await goTo(page, server.origin, stage, language);
    expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  }
});

it('320 pixels are wide enough for the desk and a conversation', async () => {
  const young = await aYoungPerson(browser, server, narrow);
  const desk = await aCounsellorAtTheDesk(browser, server, 'mikkel', narrow);
  expect(await sideways(desk.page)).toEqual({ page: 0, wide: [] });
  await takeNext(desk.page);
  await young.talk.isState('open');
  await young.talk.say('etordudenmellemrum'.repeat(20));
  await expect.poll(async () => (await desk.talk.messages('other')).length).toBe(1);
  for (const { page } of [young, desk]) expect(await sideways(page)).toEqual({ page: 0, wide: [] });
});
