import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { begins, books, ticketIs } from '#tests/support/at-the-desk.ts';
import { expectNoBarrier } from '#tests/support/barriers.ts';
import { aPage, desktop, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, Talk } from '#tests/support/journey.ts';
import { plan } from '#tests/support/planned.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });
beforeAll(async () => {
  await plan(server, 'Mikkel');
}, 120_000);

const isHere = async (page: Page) => {
  await page.getByTestId('check-in').click();
  await page.getByTestId('queue-position').waitFor();
};

test('whoever has a time and is here comes first, from the device that said so last, into an ordinary conversation', async () => {
  const desk = await aCounsellorAtTheDesk(browser, server);
  const walkIn = await aYoungPerson(browser, server);
  await desk.page.getByTestId('queue-item').waitFor();
  expect(await desk.page.title()).not.toContain('•');

  const first = await aPage(browser, phone);
  await books(first.page, server);
  await first.page.getByTestId('ticket-carry').locator('summary').click();
  await first.page.getByTestId('ticket-show-code').click();
  await first.page.getByTestId('ticket-qr').waitFor();
  const code = (await first.page.getByTestId('ticket-code').textContent()) ?? '';
  await expectNoBarrier(first.page);

  begins(server, -9);
  await first.page.reload();
  await isHere(first.page);
  const top = desk.page.getByTestId('queue-item').first();
  await expect.poll(() => top.innerText()).toMatch(/Tid kl\. \d\d[.:]\d\d · er her/);
  expect(await desk.page.getByTestId('queue-booked').count()).toBe(1);
  await expect.poll(() => desk.page.title()).toContain('•');
  await desk.page.locator('[data-testid=day-booking][data-state="checked-in"]').waitFor();
  await expectNoBarrier(desk.page);
  await desk.page.setViewportSize(desktop.viewport);

  // Another phone with the same ticket: it goes on, and the first one is told.
  const second = await aPage(browser, phone);
  await second.page.goto(`${server.origin}/book`);
  await second.page.getByTestId('ticket-import').locator('summary').click();
  await second.page.getByTestId('ticket-import-code').fill(code.replaceAll(/\s/g, ''));
  await second.page.getByTestId('ticket-import-code').press('Tab');
  await second.page.keyboard.press('Enter');
  await ticketIs(second.page, 'checked-in');
  await isHere(second.page);
  await first.page.getByText('Du er her fra en anden telefon nu').waitFor();
  expect(await first.page.getByTestId('queue-position').count()).toBe(0);
  expect(await desk.page.getByTestId('queue-booked').count()).toBe(1);

  await desk.page.getByTestId('take-next').click();
  const talk = new Talk(second.page.locator('body'));
  await talk.isState('open');
  await talk.say('nu er jeg her');
  await desk.talk.hasHeard(['nu er jeg her']);
  await desk.talk.say('Godt, at du kom.');
  await talk.hasHeard(['Godt, at du kom.']);
  await walkIn.page.getByTestId('queue-position').waitFor();
  await expect.poll(() => desk.page.getByTestId('queue-booked').count()).toBe(0);
  expect([...desk.complaints, ...first.complaints, ...second.complaints]).toEqual([]);
}, 150_000);
