import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';

const { browser, server } = await browserAndServer();

/** What this device keeps of the pages. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return {
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      paths: requests.flat().map(({ url }) => new URL(url).pathname)
    };
  });
const nothing = { workers: 0, paths: [] };

it('pages open without a network only where the card is kept, and go with it', async () => {
  const young = await aYoungPerson(browser, server);
  const desk = await aCounsellorAtTheDesk(browser, server);
  await takeNext(desk.page);
  await young.talk.isState('open');
  await young.talk.say('min hemmelighed');
  await desk.talk.hasHeard(['min hemmelighed']);
  await desk.talk.say('Tak for den.');
  await young.talk.hasHeard(['Tak for den.']);
  const { page } = young;
  await page.locator('[data-testid=card][data-stage=open]').first().waitFor();
  await page.getByTestId('end-conversation').click();
  await page.getByTestId('end-confirm').click();
  await young.talk.isState('ended');
  await page.goto(`${server.origin}/card`);
  await page.getByTestId('card-keep').waitFor();
  expect(await kept(page)).toEqual(nothing);

  await page.getByTestId('card-keep').click();
  await expect
    .poll(async () => (await kept(page)).paths)
    .toEqual(expect.arrayContaining(['/', '/chat', '/card', '/book', '/exit.js']));
  await page.locator('label.row:not([data-testid])').first().click();
  await expect.poll(() => kept(page)).toEqual(nothing);
  await page.getByTestId('card-keep').click();
  await expect.poll(async () => (await kept(page)).workers).toBe(1);
  // Once with a network, so that what the chat is made of is here as well.
  await page.goto(`${server.origin}/chat#young`);
  await page.getByTestId('age-under-18').waitFor();
  await expect
    .poll(async () => (await kept(page)).paths.some((path) => /\/chat\.da\..*\.js$/.test(path)))
    .toBe(true);

  await server.kill();
  await page.reload();
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('composer').fill('skrevet i tunnelen');
  await page.getByTestId('start-chat').click();
  await page.getByText('Du er ikke på nettet lige nu', { exact: false }).waitFor();
  await page.getByTestId('leave-now').waitFor();
  await server.start();
  await page.getByTestId('queue-position').waitFor({ timeout: 30_000 });
  const later = await aCounsellorAtTheDesk(browser, server, 'sofie');
  await takeNext(later.page);
  await later.talk.hasHeard(['skrevet i tunnelen']);
  await young.talk.isState('open');

  const { paths } = await kept(page);
  const part = /^\/(?:|chat|card|book|exit\.js|favicon\.svg|_app\/immutable\/.+)$/;
  expect(paths.filter((path) => !part.test(path))).toEqual([]);

  await page.getByTestId('leave-now').click();
  await expect.poll(() => page.url()).not.toContain('/chat');
  const { page: again } = { page: await young.context.newPage() };
  await again.goto(`${server.origin}/card`);
  await expect.poll(() => kept(again)).toEqual(nothing);
}, 120_000);
