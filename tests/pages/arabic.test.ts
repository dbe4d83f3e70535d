import { expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk } from '#tests/support/journey.ts';

const { browser, server } = await browserAndServer();

it('who writes in Turkish waits in Turkish, and the desk sees it', async () => {
  const { context, page } = await aPage(browser);
  await page.goto(`${server.origin}/tr/chat#young`);
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  expect(await page.getByTestId('queue-position').textContent()).toContain('Sıra');
  const desk = await aCounsellorAtTheDesk(browser, server);
  expect(await desk.page.getByTestId('queue-item').first().textContent()).toContain('tyrkisk');
  await desk.context.close();
  await context.close();
});

it('the groups of a number stand in their order beside Arabic', async () => {
  const { context, page } = await aPage(browser);
  await page.goto(`${server.origin}/ar`);
  const number = page.getByRole('link', { name: /Livslinien/ }).locator('span');
  // Left to right on the screen: where each digit begins.
  const places = await number.evaluate((element) => {
    const text = element.firstChild;
    if (!text) return [];
    return Array.from({ length: text.textContent?.length ?? 0 }, (_, at) => {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect().left;
    });
  });
  expect(places.length).toBeGreaterThan(8);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  await context.close();
});
