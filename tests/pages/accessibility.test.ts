import { expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { expectNoBarrier, expectRoomForAll, sideways } from '#tests/support/barriers.ts';
import { aPage, desktop, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, Talk, takeNext } from '#tests/support/journey.ts';
import { focusedNow } from '#tests/support/measured.ts';
import { goTo } from '#tests/support/visitor-pages.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });

it('signing in, and being refused, bars nobody', async () => {
  const { page } = await aPage(browser);
  await page.goto(`${server.origin}/desk`);
  await page.getByTestId('sign-in-name').fill('mikkel');
  await page.getByTestId('sign-in-password').fill('det er ikke den rigtige');
  await page.getByTestId('sign-in-submit').click();
  await page.getByRole('alert').waitFor();
  await expectNoBarrier(page);
  await expectRoomForAll(page);
});

it('from the front door to the end without a mouse, and one always sees where one is', async () => {
  const { page } = await aPage(browser, desktop);
  await page.goto(server.origin);
  /** Walks on until it stands there, and sees where it stands all the way. */
  const tabTo = async (what: string) => {
    for (let steps = 0; steps < 40; steps += 1) {
      await page.keyboard.press('Tab');
      const now = await focusedNow(page);
      if (!now) continue;
      expect(now.isMarked, `${now.name} shows that it has the focus`).toBe(true);
      expect(now.isSeen, `${now.name} is not hidden`).toBe(true);
      if (now.name === what) return;
    }
    throw new Error(`${what} cannot be reached`);
  };
  const press = async (what: string, key = 'Enter') => {
    await tabTo(what);
    await page.keyboard.press(key);
  };
  await tabTo('leave-now');
  await press('who-young');
  await page.waitForURL('**/chat#young');
  await page.getByTestId('age-under-18').waitFor();
  await tabTo('who-young');
  await press('age-under-18', 'Space');
  await press('topic-school', 'Space');
  await press('start-chat');
  await page.getByTestId('queue-position').waitFor();
  await press('leave-queue');
  await page.getByTestId('start-chat').waitFor();
  await press('start-chat');
  await page.getByTestId('queue-position').waitFor();

  const desk = await aCounsellorAtTheDesk(browser, server);
  await takeNext(desk.page);
  const talk = new Talk(page.locator('body'));
  await talk.isState('open');
  await tabTo('composer');
  await page.keyboard.type('hej');
  await page.keyboard.press('Enter');
  await desk.talk.hasHeard(['hej']);
  await desk.talk.say('Hej. Jeg hedder Mikkel.');
  await talk.hasHeard(['Hej. Jeg hedder Mikkel.']);
  await page.goto(page.url());
  await talk.isState('open');
  await press('end-conversation');
  await press('end-confirm');
  await talk.isState('ended');
  // On from the heading that says so, home.
  for (let steps = 0; steps < 12 && page.url().includes('/chat'); steps += 1) {
    await page.keyboard.press('Tab');
    const isHome = await page.evaluate(
      () => document.activeElement?.matches('main a[href="/"]') ?? false
    );
    if (isHome) await page.keyboard.press('Enter');
    if (isHome) await page.waitForURL(`${server.origin}/`);
  }
  expect(page.url()).toBe(`${server.origin}/`);

  // The desk, while somebody talks and somebody else waits.
  await desk.talk.isState('ended');
  await aYoungPerson(browser, server);
  await desk.page.getByTestId('queue-item').first().waitFor();
  await expectNoBarrier(desk.page);
}, 90_000);

it('the lamp breathes, and stops for whoever wants no motion', async () => {
  const { page } = await aPage(browser, { ...phone, reducedMotion: 'no-preference' });
  await goTo(page, server.origin, 'waiting');
  const moving = () =>
    page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length
    );
  await expect.poll(moving).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moving).toBe(0);
  await page.setViewportSize(desktop.viewport);
  expect(await moving()).toBe(0);
});

it('a word without an end is wide enough for 320 pixels, on both sides', async () => {
  const narrow = { viewport: { width: 320, height: 568 } };
  const young = await aYoungPerson(browser, server, narrow);
  const desk = await aCounsellorAtTheDesk(browser, server, 'sofie', narrow);
  await takeNext(desk.page);
  await young.talk.isState('open');
  await young.talk.say('etordudenmellemrum'.repeat(20));
  await expect.poll(async () => (await desk.talk.messages('other')).length).toBe(1);
  for (const { page } of [young, desk]) expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  await expectRoomForAll(desk.page);
});
