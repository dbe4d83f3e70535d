import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { inFront, severalAtOnce } from '#tests/support/four-at-once.ts';
import { aYoungPerson, Talk, takeNext } from '#tests/support/journey.ts';

const { browser, server } = await browserAndServer({ newHouse: true });

const tab = (desk: Page, at: number) => desk.getByTestId('desk-tab').nth(at);
const draftOf = (window: ReturnType<Page['getByTestId']>) =>
  window.getByTestId('composer').inputValue();
/** Also of a conversation that is behind another. */
const hasState = (window: ReturnType<Page['getByTestId']>, state: string) =>
  expect
    .poll(() => window.getByTestId('conversation').getAttribute('data-state'), { timeout: 10_000 })
    .toBe(state);
/** Which conversation is written in. */
const focused = (desk: Page) =>
  desk
    .getByTestId('desk-conversation')
    .evaluateAll((windows) =>
      windows.findIndex(
        (window) => window.querySelector('[data-testid=composer]') === document.activeElement
      )
    );

/** No key of a person comes sooner than this after what it follows. */
const painted = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
const now = (page: Page) => page.evaluate(() => performance.now());

describe('four conversations', { timeout: 120_000 }, () => {
  test('keep their drafts apart, also when one of them ends', async () => {
    const { desk, visitors } = await severalAtOnce(browser, server);
    const { page } = desk;
    for (const [at] of visitors.entries()) {
      await tab(page, at).click();
      await page.keyboard.type(`Kladde ${at + 1}`);
    }
    const [first, second, third, fourth] = visitors;
    if (!first || !second || !third || !fourth) throw new Error('four are needed');
    await second.page.getByTestId('end-conversation').click();
    await second.page.getByTestId('end-confirm').click();
    await hasState(second.window, 'ended');
    expect(await inFront(page)).toBe(3);
    expect(await focused(page)).toBe(3);
    await page.keyboard.type(', videre');
    expect(await draftOf(first.window)).toBe('Kladde 1');
    expect(await draftOf(third.window)).toBe('Kladde 3');
    expect(await draftOf(fourth.window)).toBe('Kladde 4, videre');
    // What was not sent is still to be read, until it is put away.
    await tab(page, 1).click();
    await expect.poll(() => second.window.getByTestId('unsent').innerText()).toContain('Kladde 2');
    await first.talk.hasHeard([]);
    expect(desk.complaints).toEqual([]);
  });

  test('say what came, and take nobody’s attention', async () => {
    const { desk, visitors } = await severalAtOnce(browser, server, 2);
    const { page } = desk;
    const [first, second] = visitors;
    if (!first || !second) throw new Error('two are needed');
    expect(await focused(page)).toBe(1);
    await page.keyboard.type('Jeg skri');
    expect(await page.title()).toBe('Frirum');
    await first.page.getByTestId('composer').pressSequentially('hal');
    await tab(page, 0).getByTestId('typing').waitFor();
    await first.talk.say('er du her?');
    await first.talk.say('hallo');
    await expect
      .poll(() => first.window.getAttribute('data-unread'), { timeout: 10_000 })
      .toBe('2');
    await expect.poll(() => tab(page, 0).innerText()).toMatch(/2\s*ulæste/);
    await tab(page, 0).getByTestId('answer-wait').waitFor();
    expect(await page.title()).toBe('• Frirum');
    // The writer was left alone.
    await page.keyboard.type('ver');
    expect(await inFront(page)).toBe(1);
    expect(await draftOf(second.window)).toBe('Jeg skriver');

    await tab(page, 0).click();
    await expect.poll(() => page.title()).toBe('Frirum');
    expect(await first.window.getAttribute('data-unread')).toBe('0');
    await first.at.say('Ja.');
    await expect.poll(() => tab(page, 0).getByTestId('answer-wait').count()).toBe(0);
    await first.context.close();
    await tab(page, 0).getByTestId('away').waitFor();
  });

  test('make a sound only for whoever asked for one', async () => {
    const { desk, visitors } = await severalAtOnce(browser, server, 2);
    const { page } = desk;
    await page.evaluate(() => {
      const sounds = { made: 0 };
      Object.assign(window, { sounds });
      window.AudioContext = class extends AudioContext {
        constructor() {
          super();
          sounds.made += 1;
        }
      };
    });
    const made = () =>
      page.evaluate(() => (window as unknown as { sounds: { made: number } }).sounds.made);
    await visitors[0]?.talk.say('hej');
    await page.getByTestId('unread').waitFor();
    expect(await made()).toBe(0);
    await page.getByTestId('desk-sound').click();
    expect(await made()).toBe(1);
    await visitors[0]?.talk.say('hallo');
    await expect.poll(() => page.getByTestId('unread').innerText()).toMatch(/^2/);
    // The one that was heard a moment ago is enough.
    expect(await made()).toBe(1);
    await page.waitForFunction((then) => performance.now() > then + 3_100, await now(page));
    await visitors[0]?.talk.say('er du der?');
    await expect.poll(made).toBe(2);
    // No file was fetched for it, and what is in front makes none.
    await visitors[1]?.talk.say('og jeg er her');
    await visitors[1]?.at.hasHeard(['og jeg er her']);
    expect(await made()).toBe(2);
  });

  test('count as unread while the desk is not looked at', async () => {
    const { desk, visitors } = await severalAtOnce(browser, server, 1);
    const { page } = desk;
    await page.evaluate(() => {
      Object.defineProperty(document, 'hasFocus', { value: () => false, configurable: true });
      dispatchEvent(new Event('blur'));
    });
    await visitors[0]?.talk.say('hallo?');
    await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('• Frirum');
    await page.evaluate(() => {
      Object.defineProperty(document, 'hasFocus', { value: () => true });
      dispatchEvent(new Event('focus'));
    });
    await expect.poll(() => page.title()).toBe('Frirum');
  });

  test('side by side and back: the same words, the same place, the same caret', async () => {
    const { desk, visitors } = await severalAtOnce(browser, server, 3);
    const { page } = desk;
    const third = visitors[2];
    if (!third) throw new Error('three are needed');
    for (let line = 1; line <= 30; line += 1) await third.at.say(`Linje ${line}`);
    const log = third.window.getByTestId('message-log');
    await log.evaluate((element) => element.scrollTo({ top: 120 }));
    await third.window.getByTestId('composer').fill('halvt skrevet');
    await third.window.getByTestId('composer').evaluate((area: HTMLTextAreaElement) => {
      area.setSelectionRange(5, 5);
    });
    const visible = () => page.locator('[data-testid=composer]:visible').count();
    expect(await visible()).toBe(1);
    await page.getByTestId('layout-side').click();
    expect(await visible()).toBe(3);
    expect(await log.evaluate((element) => element.scrollTop)).toBeGreaterThan(100);
    await visitors[0]?.window.getByTestId('composer').click();
    expect(await inFront(page)).toBe(0);
    await page.getByTestId('layout-one').click();
    await tab(page, 2).click();
    expect(await focused(page)).toBe(2);
    await page.keyboard.type('!');
    expect(await draftOf(third.window)).toBe('halvt! skrevet');
    expect(await log.evaluate((element) => element.scrollTop)).toBe(120);
    // This device remembers.
    await page.getByTestId('layout-side').click();
    await page.reload();
    await expect.poll(visible, { timeout: 15_000 }).toBe(3);
  });

  test('a pause and the end of the shift cut nothing, and say how many are open', async () => {
    const { desk, visitors } = await severalAtOnce(browser, server, 2);
    const { page } = desk;
    for (const button of ['shift-pause', 'shift-stop']) {
      await page.getByTestId(button).click();
      await expect.poll(() => page.getByTestId('still-open').innerText()).toMatch(/^2 /);
    }
    await visitors[0]?.talk.say('er du her endnu?');
    await visitors[0]?.at.hasHeard(['er du her endnu?']);
    await visitors[1]?.at.say('Jeg er her.');
    await visitors[1]?.talk.hasHeard(['Jeg er her.']);
  });

  test('closing the desk asks first; signing out waits for them', async () => {
    const { desk } = await severalAtOnce(browser, server, 1);
    const asked = new Promise<string>((resolve) =>
      desk.page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.dismiss();
      })
    );
    await desk.page.close({ runBeforeUnload: true });
    expect(await asked).toBe('beforeunload');
    await desk.page.getByTestId('sign-out').click();
    await desk.page.getByRole('alert').waitFor();
    await desk.talk.isState('open');
  });
});

describe('the keyboard is enough', { timeout: 120_000 }, () => {
  test('from taking somebody to the end, without a mouse', async () => {
    const { desk, visitors } = await severalAtOnce(browser, server, 2);
    const { page } = desk;
    const { keyboard } = page;
    expect(await focused(page)).toBe(1);
    await keyboard.press('Alt+KeyJ');
    expect(await focused(page)).toBe(0);
    await keyboard.press('Alt+KeyK');
    expect(await focused(page)).toBe(1);

    const newcomer = await aYoungPerson(browser, server);
    await page.getByTestId('queue-item').first().waitFor();
    await keyboard.press('Alt+KeyN');
    await newcomer.talk.isState('open');
    await expect.poll(() => focused(page)).toBe(2);
    await keyboard.type('Hej. Godt, du skriver.');
    await keyboard.press('Enter');
    await newcomer.talk.hasHeard(['Hej. Godt, du skriver.']);

    // Ending asks, and Escape is a no.
    await keyboard.press('Alt+KeyE');
    await page.getByTestId('end-confirm').locator('visible=true').waitFor();
    await keyboard.press('Alt+KeyJ');
    await keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe(2);
    expect(await inFront(page)).toBe(2);
    await painted(page);
    await keyboard.press('Alt+KeyE');
    await page.getByTestId('end-confirm').locator('visible=true').waitFor();
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await newcomer.talk.isState('ended');
    if (visitors[0]) await hasState(visitors[0].window, 'open');
    // The end has the focus, and leads on.
    const third = page.getByTestId('desk-conversation').nth(2);
    await expect
      .poll(() => third.evaluate((window) => window.contains(document.activeElement)))
      .toBe(true);
  });

  test('the shortcuts are listed, and can be switched off for this device', async () => {
    const { desk } = await severalAtOnce(browser, server, 2);
    const { page } = desk;
    await page.getByTestId('message-log').nth(1).focus();
    await page.keyboard.press('?');
    await page.getByTestId('shortcut-list').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('shortcut-list').waitFor({ state: 'hidden' });
    await page.getByTestId('desk-shortcuts').click();
    await page.getByTestId('shortcuts-on').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+KeyJ');
    expect(await inFront(page)).toBe(1);
    await page.reload();
    await expect.poll(() => page.getByTestId('desk-tab').count(), { timeout: 15_000 }).toBe(2);
    const before = await inFront(page);
    await page.keyboard.press('Alt+KeyJ');
    expect(await inFront(page)).toBe(before);
    await page.getByTestId('message-log').nth(before).focus();
    await page.keyboard.press('?');
    expect(await page.getByTestId('shortcut-list').isVisible()).toBe(false);
  });
});

describe('two windows of one counsellor', { timeout: 120_000 }, () => {
  test('the second says where the conversations are, and can have them', async () => {
    const { desk, visitors } = await severalAtOnce(browser, server, 2);
    const [first, second] = visitors;
    if (!first || !second) throw new Error('two are needed');
    await tab(desk.page, 0).click();
    await first.at.say('Hej.');
    await first.talk.say('hej selv');
    await first.at.hasHeard(['hej selv']);
    await first.window.getByTestId('composer').fill('halvt skrevet');

    const other = await desk.context.newPage();
    await other.goto(`${server.origin}/desk`);
    await expect
      .poll(() => other.getByTestId('desk-elsewhere').innerText(), { timeout: 15_000 })
      .toContain('2 samtaler');
    expect(await other.getByTestId('desk-conversation').count()).toBe(0);
    expect(await other.getByTestId('take-next').isDisabled()).toBe(true);
    await first.at.isState('open');

    await other.getByTestId('bring-here').click();
    await expect.poll(() => other.getByTestId('desk-tab').count(), { timeout: 15_000 }).toBe(2);
    await desk.page.getByTestId('desk-elsewhere').waitFor();
    await tab(other, 0).click();
    const moved = new Talk(other.getByTestId('desk-conversation').first());
    await moved.isState('open');
    await moved.hasHeard(['hej selv']);
    expect(await draftOf(other.getByTestId('desk-conversation').first())).toBe('halvt skrevet');
    await moved.say('Nu er jeg her.');
    await expect
      .poll(async () => (await first.talk.messages('other')).at(-1))
      .toBe('Nu er jeg her.');
    await first.talk.say('fint');
    await moved.hasHeard(['hej selv', 'fint']);

    // The first window gets them back, and nothing is lost on the way.
    await desk.page.getByTestId('bring-here').click();
    await expect.poll(() => desk.page.getByTestId('desk-tab').count(), { timeout: 15_000 }).toBe(2);
    await tab(desk.page, 0).click();
    await first.at.isState('open');
    await first.at.hasHeard(['hej selv', 'fint']);
    await other.getByTestId('desk-elsewhere').waitFor();
  });

  test('a copied tab takes nothing, and the desk follows when the first one closes', async () => {
    const { desk, visitors } = await severalAtOnce(browser, server, 1);
    const kept = await desk.page.evaluate(() => Object.entries(sessionStorage));
    const copy = await desk.context.newPage();
    await copy.addInitScript((storage) => {
      if (!sessionStorage.getItem('copied'))
        for (const [key, value] of [...storage, ['copied', 'yes']])
          sessionStorage.setItem(key ?? '', value ?? '');
    }, kept);
    await copy.goto(`${server.origin}/desk`);
    await copy.getByTestId('desk-elsewhere').waitFor();
    await desk.talk.say('Stadig her.');
    await visitors[0]?.talk.hasHeard(['Stadig her.']);
    await desk.page.close();
    await copy.getByTestId('desk-elsewhere').waitFor({ state: 'hidden' });
    expect(await copy.getByTestId('desk-conversation').count()).toBe(0);
    const newcomer = await aYoungPerson(browser, server);
    await takeNext(copy);
    await newcomer.talk.isState('open');
  });

  test('with nothing going on, the newest window is the desk', async () => {
    const { desk } = await severalAtOnce(browser, server, 0);
    const other = await desk.context.newPage();
    await other.goto(`${server.origin}/desk`);
    await desk.page.getByTestId('desk-elsewhere').waitFor();
    const young = await aYoungPerson(browser, server);
    await takeNext(other);
    await young.talk.isState('open');
    await expect
      .poll(() => desk.page.getByTestId('desk-elsewhere').innerText())
      .toContain('1 samtale');
  });
});
