// How a conversation is seen, heard and walked through: see checks.md.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { expectNoBarrier, expectRoomForAll } from '#tests/support/barriers.ts';
import { phone } from '#tests/support/browser.ts';
import { expectDialogReturns } from '#tests/support/dialogs.ts';
import { listenTo } from '#tests/support/ear.ts';
import { aCounsellorAtTheDesk, takeNext, Talk } from '#tests/support/journey.ts';
import { hiddenFocus } from '#tests/support/measured.ts';
import { aQuietPage } from '#tests/support/quiet.ts';
import { Tunnel } from '#tests/support/tunnel.ts';
import { goTo } from '#tests/support/visitor-pages.ts';
import { outInView } from '#tests/support/way-out.ts';

const { browser, server } = await browserAndServer();

/** Where the reader is, as somebody would say it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    const inside = at?.closest('[data-testid]')?.getAttribute('data-testid');
    return /^H\d$/.test(at?.tagName ?? '') ? `${at?.tagName} ${at?.textContent?.trim()}` : inside;
  });
const heading = /^H[12] \S/;

/** How far the log is from its end, and from its beginning. */
const scrolled = (page: Page) =>
  page.getByTestId('message-log').evaluate((log) => ({
    top: Math.round(log.scrollTop),
    rest: Math.round(log.scrollHeight - log.scrollTop - log.clientHeight)
  }));

/** How far the button that ends it stands from the line of the name. */
const endBesideName = (page: Page) =>
  page.getByTestId('conversation').evaluate((room) => {
    const middleOf = (selector: string) => {
      const { top = 0, bottom = 0 } = room.querySelector(selector)?.getBoundingClientRect() ?? {};
      return (top + bottom) / 2;
    };
    return Math.abs(middleOf('[data-testid=end-conversation]') - middleOf('.who'));
  });

/** Whether somebody sees the field and the last message. */
const seesBoth = (page: Page) =>
  page.evaluate(() => {
    const isSeen = (element: Element | undefined | null) => {
      if (!element) return false;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const on = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return top >= 0 && bottom <= innerHeight && element.contains(on);
    };
    return [
      isSeen(document.querySelector('[data-testid=composer]')),
      isSeen([...document.querySelectorAll('[data-testid=message]')].at(-1))
    ];
  });

test('from the choice to the end: what is seen, read out, and where one stands', async () => {
  const { context, page, complaints, isQuiet } = await aQuietPage(browser, server.origin);
  const talk = new Talk(page.locator('body'));
  const ear = await listenTo(page);

  // Nobody is on shift: that is said before anything is asked, with what there is instead.
  await page.goto(`${server.origin}/chat`);
  await page.getByText('Der er ingen på vagt').first().waitFor();
  await page.getByTestId('message-link').waitFor();
  expect(await page.locator('a[href^="tel:"]').count()).toBeGreaterThan(1);

  await goTo(page, server.origin, 'choosing');
  await expectNoBarrier(page);
  await expectRoomForAll(page);
  await page.setViewportSize({ width: 320, height: 256 });
  expect(await hiddenFocus(page)).toEqual([]);
  await page.setViewportSize(phone.viewport);
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  await expect.poll(() => focused(page)).toMatch(heading);
  await expect.poll(async () => (await ear.in('status')).join()).toContain('nummer 1');
  expect(await outInView(page)).toEqual([]);
  await expectNoBarrier(page);
  await expectRoomForAll(page);
  await isQuiet();
  // Leaving leads back to the choice, and stands at its heading.
  await page.getByTestId('leave-queue').click();
  await page.getByTestId('start-chat').waitFor();
  await expect.poll(() => focused(page)).toMatch(heading);
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();

  const desk = await aCounsellorAtTheDesk(browser, server);
  await page.getByTestId('leave-queue').focus();
  await takeNext(desk.page);
  await talk.isState('open');
  expect(await focused(page)).toMatch(heading);

  // Every message is read out once, whoever wrote it; the focus stays where it is.
  await ear.forget();
  await page.getByTestId('composer').focus();
  await desk.talk.say('Hej. Jeg hedder Mikkel.');
  await talk.hasHeard(['Hej. Jeg hedder Mikkel.']);
  await talk.say('hej');
  await desk.talk.hasHeard(['hej']);
  const own = page.locator('[data-testid=message][data-from=me][data-delivered]');
  await own.waitFor();
  const said = await ear.in('log');
  expect(said.filter((text) => text.includes('Jeg hedder Mikkel'))).toHaveLength(1);
  expect(said.filter((text) => text.endsWith('hej'))).toHaveLength(1);
  expect(said).toHaveLength(2);
  // How far a message has come is a word.
  const state = () => page.getByTestId('message-log').innerText();
  await expect.poll(state).toContain('Nået frem');
  await page.getByTestId('composer').focus();
  await page.keyboard.type('jeg skri');
  await desk.talk.say('Tag din tid.');
  await talk.hasHeard(['Hej. Jeg hedder Mikkel.', 'Tag din tid.']);
  await page.keyboard.type('ver');
  expect(await page.getByTestId('composer').inputValue()).toBe('jeg skriver');
  for (const elsewhere of ['end-conversation', 'message-log']) {
    await page.getByTestId(elsewhere).focus();
    await desk.talk.say(elsewhere);
    await page.getByText(elsewhere, { exact: true }).waitFor();
    expect(await focused(page)).toBe(elsewhere);
  }

  // That somebody types is read out once, and not as a message.
  await ear.forget();
  for (const letters of ['n', 'nu', 'nu', 'nu ']) {
    await desk.page.getByTestId('composer').pressSequentially(letters);
    await page.waitForTimeout(900);
  }
  await expect.poll(async () => (await ear.in('status')).join()).toContain('skriver');
  expect((await ear.in('status')).filter((text) => text.includes('skriver'))).toHaveLength(1);
  expect(await ear.in('log')).toEqual([]);
  await desk.page.getByTestId('composer').fill('');
  expect(complaints).toEqual([]);

  // Who has scrolled up stays there, and is told with a button.
  for (let at = 0; at < 24; at += 1) await desk.talk.say(`Nummer ${at}`);
  await page.getByText('Nummer 23').waitFor();
  await expect.poll(async () => (await scrolled(page)).rest).toBeLessThan(3);
  await page.getByTestId('message-log').evaluate((log) => log.scrollTo({ top: 40 }));
  await expect.poll(async () => (await scrolled(page)).top).toBe(40);
  await desk.talk.say('Er du der?');
  const button = page.getByRole('button', { name: 'Nye beskeder' });
  await button.waitFor();
  expect((await scrolled(page)).top).toBe(40);
  await button.click();
  await expect.poll(async () => (await scrolled(page)).rest).toBeLessThan(3);
  await button.waitFor({ state: 'detached' });

  // The keyboard of a phone takes half of the screen.
  await page.getByTestId('composer').focus();
  await page.setViewportSize({ width: 390, height: 500 });
  await expect.poll(() => seesBoth(page)).toEqual([true, true]);
  await page.setViewportSize(phone.viewport);
  await expectNoBarrier(page);
  await expectRoomForAll(page);
  expect(await outInView(page)).toEqual([]);

  // On a phone the head is one line, with a counsellor's tools as well.
  const atDesk = desk.page.viewportSize() ?? phone.viewport;
  await desk.page.setViewportSize(phone.viewport);
  expect(await endBesideName(desk.page)).toBeLessThan(3);
  await desk.page.setViewportSize(atDesk);
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await endBesideName(page)).toBeLessThan(3);
  await page.setViewportSize(phone.viewport);

  // A line that flickers is no news; the draft stays, and what was said goes out once.
  const tunnel = await Tunnel.under(context);
  await page.reload();
  await talk.isState('open');
  await expect.poll(() => talk.messages('me')).toEqual(['hej']);
  await page.getByText('Er du der?').waitFor();
  expect(await ear.in('log'), 'history is not read out again').toEqual([]);
  await ear.forget();
  for (const _ of [1, 2, 3]) {
    await tunnel.cut();
    await page.waitForTimeout(300);
  }
  await tunnel.enter();
  await talk.say('sagt i tunnelen');
  await page.getByTestId('composer').fill('og det her er ikke sendt');
  await expect.poll(async () => (await ear.in('status')).join()).toContain('igen');
  await expect.poll(state).toContain('Sender');
  expect(await page.getByTestId('composer').inputValue()).toBe('og det her er ikke sendt');
  expect((await ear.in('status')).length).toBeLessThan(3);
  tunnel.leave();
  await desk.talk.hasHeard(['hej', 'sagt i tunnelen']);
  await expect.poll(state).toContain('Nået frem');
  await page.waitForTimeout(500);
  expect(await desk.talk.messages('other')).toEqual(['hej', 'sagt i tunnelen']);
  expect(await page.getByTestId('composer').inputValue()).toBe('og det her er ikke sendt');

  // The end is asked about; Escape is no.
  await page.getByTestId('composer').fill('');
  for (const one of [page, desk.page])
    await expectDialogReturns(one, one.getByTestId('end-conversation'));
  await expectDialogReturns(page, page.locator('button.corner'));
  await page.getByTestId('end-conversation').click();
  await page.getByTestId('end-confirm').click();
  await talk.isState('ended');
  await expect.poll(() => focused(page)).toMatch(heading);
  await expectNoBarrier(page);
  await expectRoomForAll(page);
  await context.close();
}, 150_000);
