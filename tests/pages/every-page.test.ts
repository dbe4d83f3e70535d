// One visit to every page that was built, in every language: see checks.md.
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import {
  expectNoBarrier,
  expectNoBarrierByDay,
  expectRoomForAll
} from '#tests/support/barriers.ts';
import { phone } from '#tests/support/browser.ts';
import { builtPages } from '#tests/support/built-pages.ts';
import { hiddenFocus } from '#tests/support/measured.ts';
import { plan } from '#tests/support/planned.ts';
import { aQuietPage } from '#tests/support/quiet.ts';
import { outInView } from '#tests/support/way-out.ts';

const { browser, server } = await browserAndServer();
let still: Page;
beforeAll(async () => {
  await plan(server, 'Sofie');
  const context = await browser.newContext({ ...phone, javaScriptEnabled: false });
  still = await context.newPage();
});

/** What a page shows once its script runs. */
const awake: Readonly<Record<string, string>> = {
  '/book': 'slot',
  '/desk': 'sign-in-name',
  '/desk/shifts': 'sign-in-name',
  '/desk/team': 'sign-in-name'
};
/** The languages whose pages are looked at in the dark, in forced colours and at a desk as well. */
const inFull = ['da', 'ar'];

it('there are pages, for visitors in four languages and for the staff in two', () => {
  const languages = (name: string) =>
    builtPages.filter((page) => page.name === name).map(({ language }) => language);
  for (const { name, isStaff } of builtPages)
    if (name !== '/404')
      expect(languages(name).toSorted(), name).toEqual(
        isStaff ? ['da', 'en'] : ['ar', 'da', 'en', 'tr']
      );
  expect(new Set(builtPages.map(({ name }) => name)).size).toBeGreaterThan(13);
});

describe.each(builtPages)('$path', ({ path, name, language, isStaff }) => {
  it('bars nobody and tells nobody', async () => {
    const { context, page, isQuiet, complaints } = await aQuietPage(browser, server.origin);
    await page.goto(server.origin + path);
    const shows = awake[name];
    if (shows) await page.getByTestId(shows).first().waitFor();
    // Browsers complain of every page that is not there.
    if (name === '/404') complaints.pop();
    await isQuiet(language);
    expect(await page.locator('h1').count()).toBe(1);
    for (const summary of await page.locator('main summary').all()) await summary.click();
    if (!isStaff) expect(await outInView(page)).toEqual([]);
    await (inFull.includes(language) ? expectNoBarrier(page) : expectNoBarrierByDay(page));
    await expectRoomForAll(page);
    await page.setViewportSize({ width: 320, height: 256 });
    expect(await hiddenFocus(page), 'hidden when it has the focus').toEqual([]);
    await context.close();
  });

  it.skipIf(isStaff)('has the way out in view before and without any script', async () => {
    await still.goto(server.origin + path);
    expect(await outInView(still)).toEqual([]);
    expect(await still.getByTestId('leave-now').getAttribute('href')).toBe('/leave');
  });
});
