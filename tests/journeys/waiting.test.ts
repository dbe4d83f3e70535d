import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { expectNoBarrier } from '#tests/support/barriers.ts';
import { aPage } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { Tunnel } from '#tests/support/tunnel.ts';
import { goTo } from '#tests/support/visitor-pages.ts';

const { browser, server } = await browserAndServer({ newHouse: true });

const place = (page: Page) => page.getByTestId('queue-position').textContent();

test('places move up, are kept through a reload and a restart, and can be left', async () => {
  const first = await aYoungPerson(browser, server);
  const second = await aYoungPerson(browser, server);
  const third = await aYoungPerson(browser, server);
  await expect.poll(() => place(third.page)).toContain('3');
  await second.page.reload();
  await expect.poll(() => place(second.page)).toContain('2');
  await server.kill();
  await server.start();
  for (const [person, number] of [
    [first, '1'],
    [second, '2'],
    [third, '3']
  ] as const)
    await expect.poll(() => place(person.page), { timeout: 15_000 }).toContain(number);
  await first.page.getByTestId('leave-queue').click();
  await expect.poll(() => place(second.page), { timeout: 15_000 }).toContain('1');
  expect(await first.page.getByTestId('queue-position').count()).toBe(0);
  expect(await first.page.getByTestId('start-chat').count()).toBe(1);
}, 60_000);

test('the counsellor sees who kind, age and waiting time, and never what about', async () => {
  const young = await aYoungPerson(browser, server);
  await young.page.getByTestId('composer').fill('det her ser kun den, der svarer');
  const desk = await aCounsellorAtTheDesk(browser, server);
  const item = desk.page.getByTestId('queue-item').first();
  await item.waitFor();
  const text = await item.textContent();
  expect(text).toContain('under 18');
  expect(await desk.page.content()).not.toContain('det her ser kun');
  await takeNext(desk.page);
  await young.talk.isState('open');
  // What they want help with arrives inside the conversation.
  await expect.poll(() => desk.page.locator('aside').textContent()).toContain('Sure forældre');
}, 60_000);

test('what was written while waiting is there when somebody answers', async () => {
  const young = await aYoungPerson(browser, server);
  await young.page.getByTestId('composer').fill('jeg har skrevet det her i forvejen');
  await young.page.getByTestId('leave-queue').focus();
  const desk = await aCounsellorAtTheDesk(browser, server);
  await takeNext(desk.page);
  await desk.talk.hasHeard(['jeg har skrevet det her i forvejen']);
}, 60_000);

test('whoever waits for long has something calm, which says nothing by itself and can be stopped', async () => {
  // Where nobody is on shift, other ways come first.
  await aCounsellorAtTheDesk(browser, server);
  const { page, complaints } = await aYoungPerson(browser, server);
  const composer = page.getByTestId('composer');
  await composer.focus();
  const text = page.getByTestId('meanwhile-text');
  await text.waitFor();
  expect(await composer.evaluate((area) => area === document.activeElement)).toBe(true);
  const spoken = '[role=status], [role=alert], [aria-live]:not([aria-live=off])';
  expect(await page.getByTestId('meanwhile').locator(spoken).count()).toBe(0);
  await expectNoBarrier(page);

  // What was asked for is said.
  const first = await text.textContent();
  await page.getByTestId('meanwhile-next').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => text.textContent()).not.toBe(first);
  expect(await text.getAttribute('aria-live')).toBe('polite');

  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const moving = () =>
    page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length
    );
  expect(await moving()).toBeGreaterThan(0);
  await page.getByTestId('meanwhile-breathe').focus();
  await page.keyboard.press('Space');
  await expect.poll(moving).toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await moving()).toBe(0);
  await page.getByTestId('meanwhile-breathe').press('Space');
  await expect.poll(moving).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moving).toBe(0);
  expect(await page.getByTestId('meanwhile-breathe').isVisible()).toBe(false);
  expect(complaints).toEqual([]);
}, 90_000);

test('nobody on shift: the door says so, and opens by itself', async () => {
  const young = await aYoungPerson(browser, server);
  await young.page.goto(server.origin);
  expect(await young.page.locator('[data-open]').getAttribute('data-open')).toBe('closed');
  const desk = await aCounsellorAtTheDesk(browser, server);
  await expect
    .poll(async () => {
      await young.page.goto(server.origin);
      return young.page.locator('[data-open]').getAttribute('data-open');
    })
    .not.toBe('closed');
  await desk.page.getByTestId('shift-stop').click();
  await expect
    .poll(async () => {
      await young.page.goto(server.origin);
      return young.page.locator('[data-open]').getAttribute('data-open');
    })
    .toBe('closed');
}, 60_000);

test('who is quicker than the line, or in a tunnel, is not sent away; and may leave meanwhile', async () => {
  const { context, page } = await aPage(browser);
  const tunnel = await Tunnel.under(context);
  await tunnel.enter();
  await goTo(page, server.origin, 'choosing');
  await page.getByTestId('start-chat').click();
  await page.getByTestId('leave-queue').click();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('leave-queue').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  tunnel.leave();
  await expect.poll(() => place(page)).toContain('1');
  const desk = await aCounsellorAtTheDesk(browser, server);
  await expect.poll(() => desk.page.getByTestId('queue-item').count()).toBe(1);
}, 30_000);
