import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, Talk, takeNext } from '#tests/support/journey.ts';
import { aNeutralSite } from '#tests/support/neutral-site.ts';
import { doorOf, languages } from '#tests/support/visitor-pages.ts';

const neutral = await aNeutralSite();
// What is said first ends last.
afterAll(() => neutral.stop());
const { browser, server } = await browserAndServer({
  settings: { FRIRUM_EXIT_URL: neutral.url },
  everybodyLeaves: true
});

/** A line so slow that no script arrives until it is released. */
async function holdScripts(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\.js$/, (route) => released.then(() => route.continue()));
  return release;
}

const field = (page: Page) =>
  page.getByTestId('composer').evaluate((area) => {
    const { value, selectionStart, selectionEnd } = area as HTMLTextAreaElement;
    return { value, caret: [selectionStart, selectionEnd], focus: document.activeElement === area };
  });

const hasWokenUp = (page: Page) => page.getByTestId('age-under-18').waitFor();

it('what was typed before any script ran is still there, and becomes the draft', async () => {
  const { page, complaints } = await aPage(browser);
  const release = await holdScripts(page);
  await page.goto(`${server.origin}/chat`, { waitUntil: 'commit' });
  // A choice made this early counts too.
  await page.getByTestId('who-young').click();
  const composer = page.getByTestId('composer');
  await composer.click();
  await page.keyboard.type('jeg tør ikke sige det');
  for (const _ of [1, 2, 3]) await page.keyboard.press('ArrowLeft');
  const typed = { value: 'jeg tør ikke sige det', caret: [18, 18], focus: true };
  expect(await field(page)).toEqual(typed);
  expect(await page.getByTestId('age-under-18').count()).toBe(0);

  release();
  await hasWokenUp(page);
  expect(await field(page)).toEqual(typed);
  expect(await page.getByRole('radio', { name: 'Jeg er ung' }).isChecked()).toBe(true);
  await page.keyboard.type('højt ');
  const whole = 'jeg tør ikke sige højt det';
  expect(await field(page)).toMatchObject({ value: whole, caret: [23, 23] });

  await page.getByTestId('age-under-18').click();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  expect(await field(page)).toMatchObject({ value: whole });
  await composer.focus();
  const desk = await aCounsellorAtTheDesk(browser, server);
  await takeNext(desk.page);
  const talk = new Talk(page.locator('body'));
  await talk.isState('open');
  // Somebody who is still writing sends it themselves.
  expect(await field(page)).toMatchObject({ value: whole, focus: true });
  expect(await talk.messages('me')).toEqual([]);
  await page.getByTestId('send').click();
  await desk.talk.hasHeard([whole]);
  expect(complaints).toEqual([]);
});

it('a letter typed at every moment of waking up is kept', async () => {
  const { page } = await aPage(browser);
  const release = await holdScripts(page);
  // As the front door leads here: nothing on the page may be called `young`, or browsers move there.
  await page.goto(`${server.origin}/chat#young`, { waitUntil: 'commit' });
  await page.getByTestId('composer').focus();
  const waker = { isAwake: false };
  const waking = hasWokenUp(page).then(() => (waker.isAwake = true));
  let typed = '';
  for (let at = 0; !waker.isAwake || at < 20; at += 1) {
    if (at === 5) release();
    const letter = 'abcdefghij'.charAt(at % 10);
    await page.keyboard.type(letter);
    typed += letter;
  }
  await waking;
  expect(await field(page)).toEqual({
    value: typed,
    caret: [typed.length, typed.length],
    focus: true
  });
});

const still = { ...phone, javaScriptEnabled: false, ignoreHTTPSErrors: true };

it.each(languages)('without JavaScript the front door leads in (%s)', async (language) => {
  const { page, complaints } = await aPage(browser, still);
  await page.goto(doorOf(server.origin, language));
  const chat = language === 'da' ? '/chat' : `/${language}/chat`;
  const status = page.locator('[data-open]');
  const isOpen = (await status.getAttribute('data-open')) === 'closed' ? 0 : 1;
  const begins = { da: ['Lukket', 'Åbent'], en: ['Closed', 'Open'] }[language][isOpen];
  expect((await status.innerText()).trim().split(' ')[0]).toBe(begins);
  for (const line of await page.locator('a[href^="tel:"]').all())
    expect(await line.getAttribute('href')).toMatch(/^tel:\d+$/);
  expect(await page.locator('a[href^="tel:"]').count()).toBeGreaterThanOrEqual(4);

  await page.getByTestId('who-young').click();
  await page.waitForURL(`${server.origin}${chat}#young`);
  const words = page.locator('noscript p');
  expect(await words.textContent()).toContain('JavaScript');
  const isSeen = await words.evaluate((paragraph) => {
    const { left, top, bottom } = paragraph.getBoundingClientRect();
    return [top, bottom].every((y) => {
      const inside = y === top ? y + 2 : y - 2;
      return paragraph.contains(document.elementFromPoint(left + 20, inside));
    });
  });
  expect(isSeen).toBe(true);
  expect(complaints).toEqual([]);
});

it('without JavaScript the way out leads out, and clears what was kept', async () => {
  const { page } = await aPage(browser, still);
  await page.goto(server.origin);
  await page.evaluate(() => {
    localStorage.setItem('planted', 'yes');
    sessionStorage.setItem('planted', 'yes');
  });
  const answers: string[] = [];
  page.on('response', (response) => {
    answers.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  const started = Date.now();
  await page.getByTestId('leave-now').click();
  await page.waitForURL(neutral.url);
  console.log(`without a script the neutral site is there after ${Date.now() - started} ms`);
  expect(answers).toContain('303 /leave');
  expect(neutral.visits.at(-1)?.referer).toBeUndefined();
  await page.goto(`${server.origin}/healthz`);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});
