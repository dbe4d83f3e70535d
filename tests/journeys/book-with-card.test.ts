import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, Talk, takeNext } from '#tests/support/journey.ts';
import { plan, soon } from '#tests/support/planned.ts';

const { browser, server } = await browserAndServer();
beforeAll(async () => {
  await plan(server, 'Mikkel', soon(5));
  await plan(server, 'Sofie');
}, 120_000);

/** Clips on the card as this tab keeps it; those bound to a booking are not on it. */
const clipsIn = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem('frirum-card') ?? '{}') as {
      card?: { clips: unknown[] } | null;
    };
    return kept.card?.clips.length ?? 0;
  });

const isState = (page: Page, state: string) =>
  page.locator(`[data-testid=ticket][data-state="${state}"]`).first().waitFor({ timeout: 20_000 });

test('somebody checks in and talks, gets a card, and the clip of what is cancelled comes back', async () => {
  const { page, complaints } = await aPage(browser, phone);
  await page.goto(`${server.origin}/book`);
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-18-24').click();
  await page.getByTestId('slot').first().click();
  await page.getByTestId('book-confirm').click();
  await isState(page, 'planned');
  await page.getByTestId('check-in').click();
  await page.getByTestId('queue-position').waitFor();

  const desk = await aCounsellorAtTheDesk(browser, server);
  await takeNext(desk.page);
  const talk = new Talk(page.locator('body'));
  await talk.isState('open');
  await talk.say('nu er jeg her');
  await desk.talk.hasHeard(['nu er jeg her']);
  await desk.talk.say('Godt, at du kom.');
  await talk.hasHeard(['Godt, at du kom.']);
  await expect.poll(() => clipsIn(page), { timeout: 20_000 }).toBe(4);
  await page.getByTestId('end-conversation').click();
  await page.getByTestId('end-confirm').click();
  await talk.isState('ended');

  // The next one takes a clip, and the card goes on being one.
  await page.goto(`${server.origin}/book`);
  await isState(page, 'took-place');
  await page.getByTestId('ticket-forget').click();
  await page.getByTestId('slot').first().click();
  await page.getByTestId('book-confirm').click();
  await isState(page, 'planned');
  expect(await clipsIn(page)).toBe(3);

  await page.getByTestId('booking-cancel').click();
  await page.getByTestId('booking-cancel-confirm').click();
  await isState(page, 'cancelled');
  await expect.poll(() => clipsIn(page), { timeout: 20_000 }).toBe(4);
  expect(complaints).toEqual([]);
}, 180_000);
