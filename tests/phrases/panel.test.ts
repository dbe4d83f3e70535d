import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage, desktop, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { aVisitor, join } from '#tests/support/people.ts';
import { whileGood } from '#tests/support/while-good.ts';

const { browser, server } = await browserAndServer();
const nobodyIsThere = () => Promise.all(browser.contexts().map((context) => context.close()));

async function aTalk(profile = desktop) {
  const young = await aYoungPerson(browser, server);
  const desk = await aCounsellorAtTheDesk(browser, server, 'mikkel', profile);
  await takeNext(desk.page);
  await Promise.all([young.talk.isState('open'), desk.talk.isState('open')]);
  return { young, desk, page: desk.page };
}

async function aLead(): Promise<Page> {
  const { page } = await aPage(browser, desktop);
  await page.goto(`${server.origin}/desk`);
  await page.getByTestId('sign-in-name').fill('karen');
  await page.getByTestId('sign-in-password').fill(server.password('karen'));
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('phrase').first().waitFor();
  return page;
}

const draftOf = (page: Page) => page.getByTestId('composer').inputValue();
const marked = (page: Page) =>
  page
    .getByTestId('composer')
    .evaluate((area: HTMLTextAreaElement) => [
      area.value.slice(area.selectionStart, area.selectionEnd),
      document.activeElement === area
    ]);

/** What axe finds on the page, light and dark, on a phone and on a desk. */
async function expectNoBarrier(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const { viewport } of [desktop, phone])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page })
        .include('[data-testid=canned]')
        .analyze();
      expect(violations.flatMap(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual(
        []
      );
    }
}

describe('the panel', { timeout: 90_000 }, () => {
  const conversation = whileGood(aTalk, nobodyIsThere);
  /** With nothing written yet, and the panel closed. */
  const atTheDesk = async () => {
    const { young, desk, page } = await conversation.get();
    if (await page.getByTestId('canned-search').isVisible()) await page.keyboard.press('Escape');
    await page.getByTestId('composer').fill('');
    return { young, desk, page };
  };

  test('is found by /, by typing and by arrows; Enter puts in, and nothing is sent', async () => {
    const { young, desk, page } = await atTheDesk();
    await page.getByTestId('composer').focus();
    await page.keyboard.press('/');
    await page.getByTestId('canned-phrase').nth(20).waitFor();
    await page.keyboard.type('skala');
    await expect.poll(() => page.getByTestId('canned-phrase').count()).toBe(3);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => draftOf(page)).toBe('Hvad gør, at du er på … og ikke lavere?');
    // The gap is marked, so that what is typed next fills it.
    expect(await marked(page)).toEqual(['…', true]);
    await page.keyboard.type('4');
    expect(await draftOf(page)).toBe('Hvad gør, at du er på 4 og ikke lavere?');
    expect(await desk.talk.messages('me')).toEqual([]);
    expect(await young.talk.messages('other')).toEqual([]);
    await page.keyboard.press('Enter');
    await young.talk.hasHeard(['Hvad gør, at du er på 4 og ikke lavere?']);
    // A slash in a message that is begun is a slash.
    await page.keyboard.type('og/eller');
    expect(await draftOf(page)).toBe('og/eller');
    expect(desk.complaints).toEqual([]);
  });

  test('puts in where the caret is; Esc closes, and everything is where it was', async () => {
    const { page } = await atTheDesk();
    const composer = page.getByTestId('composer');
    await composer.fill('Hej. Hilsen Mikkel');
    await composer.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(4, 4));
    await page.getByTestId('canned-open').click();
    await page.getByTestId('canned-search').fill('ikke nemt');
    await page.keyboard.press('Escape');
    await expect.poll(() => marked(page)).toEqual(['', true]);
    expect(await draftOf(page)).toBe('Hej. Hilsen Mikkel');
    await page.getByTestId('canned-open').click();
    await page.getByTestId('canned-search').fill('ikke nemt');
    await page.getByTestId('canned-phrase').click();
    await expect
      .poll(() => draftOf(page))
      .toBe('Hej. Tak, fordi du fortæller mig det. Det er ikke nemt at skrive. Hilsen Mikkel');
    await page.getByTestId('canned-open').click();
    await page.getByTestId('canned-search').fill('findes ikke');
    await expect.poll(() => page.getByTestId('canned-phrase').count()).toBe(0);
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('canned-search').count()).toBe(1);
  });

  test('bars nobody', async () => {
    const { page } = await atTheDesk();
    await page.getByTestId('composer').focus();
    await page.keyboard.press('/');
    await page.getByTestId('canned-phrase').first().waitFor();
    await expectNoBarrier(page);
  });

  test('on a phone brings back to the message', async () => {
    await conversation.clear();
    const { page } = await aTalk(phone);
    await page.getByTestId('pane-help').click();
    await page.getByTestId('canned-open').click();
    await page.getByTestId('canned-phrase').first().click();
    await page.getByTestId('composer').waitFor();
    await expect.poll(() => draftOf(page)).toMatch(/^Hej, og godt, at du skriver/);
  });

  test('speaks the language of the conversation, from the right where that is read so', async () => {
    await nobodyIsThere();
    const { page } = await aCounsellorAtTheDesk(browser, server, 'sofie');
    const visitor = await aVisitor(server);
    await join(visitor, { kind: 'young', age: '18-24', language: 'ar' });
    await takeNext(page);
    await page.getByTestId('canned-open').click();
    await page.getByTestId('canned-search').fill('skala');
    await expect.poll(() => page.getByTestId('canned-phrase').count()).toBeGreaterThan(0);
    const first = page.getByTestId('canned-phrase').first();
    // Found by the counsellor's own words, which stand beside it.
    expect(await first.innerText()).toContain('Tænk på en skala');
    expect(await first.innerText()).toContain('مقياس');
    const text = first.locator('[lang=ar]');
    expect(await text.evaluate((span) => getComputedStyle(span).direction)).toBe('rtl');
    await page.keyboard.press('Enter');
    await expect.poll(() => draftOf(page)).toMatch(/^على مقياس/);
    const direction = (area: Element) => getComputedStyle(area).direction;
    expect(await page.getByTestId('composer').evaluate(direction)).toBe('rtl');
    visitor.leave();
  });
});

describe('a lead', { timeout: 90_000 }, () => {
  afterEach(nobodyIsThere);
  const rowOf = (page: Page, id: string) => page.locator(`[data-testid=phrase][data-id=${id}]`);
  const write = async (page: Page, id: string, text: string) => {
    await rowOf(page, id).getByTestId('phrase-edit').click();
    await page.getByTestId('phrase-text').fill(text);
  };

  test('changes the wording, which the counsellors find, and brings it back', async () => {
    const lead = await aLead();
    await write(lead, 'scale-now', 'Fra 0 til 10, hvor er du?');
    await lead.getByTestId('phrase-save').click();
    await rowOf(lead, 'scale-now').getByText('Ændret af jer').waitFor();
    const { page } = await aTalk();
    const found = async (typed: string) => {
      await page.getByTestId('canned-open').click();
      await page.getByTestId('canned-search').fill(typed);
      const phrases = page.getByTestId('canned-phrase');
      await phrases.first().waitFor();
      const text = await phrases.first().innerText();
      await page.keyboard.press('Escape');
      return text.trim();
    };
    expect(await found('0 til 10')).toBe('Fra 0 til 10, hvor er du?');
    await rowOf(lead, 'scale-now').getByTestId('phrase-edit').click();
    await lead.getByTestId('phrase-back').click();
    await rowOf(lead, 'scale-now').getByText('Tænk på en skala').waitFor();
    await expect.poll(() => found('0 til 10')).toContain('Tænk på en skala');
  });

  test('adds, moves, hides and deletes', async () => {
    const lead = await aLead();
    const group = lead.getByTestId('phrase-group-goodbye');
    const texts = () => group.locator('[data-testid=phrase] .text p').allInnerTexts();
    const before = await texts();
    await group.getByTestId('phrase-add').click();
    await lead.getByTestId('phrase-text').fill('Vi ses på tirsdag.');
    await lead.getByTestId('phrase-save').click();
    await expect.poll(texts).toEqual([...before, 'Vi ses på tirsdag.']);
    await group.getByTestId('phrase-up').last().click();
    await expect.poll(texts).toEqual([...before.slice(0, -1), 'Vi ses på tirsdag.', before.at(-1)]);
    const own = group.getByTestId('phrase').filter({ hasText: 'tirsdag' });
    await own.getByTestId('phrase-edit').click();
    await lead.getByTestId('phrase-hide').click();
    await own.getByText('Skjult for rådgiverne').waitFor();
    await lead.reload();
    await own.getByText('Skjult for rådgiverne').waitFor();
    await own.getByTestId('phrase-edit').click();
    await lead.getByTestId('phrase-back').click();
    await expect.poll(texts).toEqual(before);
  });

  test('who was overtaken by another sees the newer words and keeps their own', async () => {
    const [one, other] = [await aLead(), await aLead()];
    await write(one, 'begin-pace', 'Den enes ord');
    await write(other, 'begin-pace', 'Den andens ord');
    await one.getByTestId('phrase-save').click();
    await rowOf(one, 'begin-pace').getByText('Den enes ord').waitFor();
    await other.getByTestId('phrase-save').click();
    await other.getByTestId('phrase-newer').getByText('Den enes ord').waitFor();
    expect(await other.getByTestId('phrase-text').inputValue()).toBe('Den andens ord');
    await other.getByTestId('phrase-save').click();
    await rowOf(other, 'begin-pace').getByText('Den andens ord').waitFor();
    await one.reload();
    await rowOf(one, 'begin-pace').getByText('Den andens ord').waitFor();
  });

  test('is barred by nothing', async () => {
    const lead = await aLead();
    await write(lead, 'begin-pace', 'x'.repeat(601));
    await lead.getByTestId('phrases-language-ar').click();
    await rowOf(lead, 'begin-pace').getByTestId('phrase-edit').click();
    await expectNoBarrier(lead);
  });
});
