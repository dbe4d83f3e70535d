// What the checks measure with can fail: a page on which everything is wrong, and the same page mended.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sideways } from '#tests/support/barriers.ts';
import { aPage, openBrowser, phone } from '#tests/support/browser.ts';
import { listenTo } from '#tests/support/ear.ts';
import { lostInForcedColours } from '#tests/support/forced-colours.ts';
import { faultsOf, hiddenFocus } from '#tests/support/measured.ts';
import { outInView } from '#tests/support/way-out.ts';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  ({ page } = await aPage(browser, phone));
});
afterAll(() => browser.close());

const body = (style: string, rest = '') =>
  `<!doctype html><meta name="viewport" content="width=device-width"><style>
    body { margin: 0; font: 17px sans-serif } button { border: 2px solid } ${style}</style>
   <button data-testid="leave-now">Ud</button><p id="one">En linje</p><p id="two">En anden</p>
   <input id="field"><a id="link" href="#x">Videre herfra</a>
   <div data-testid="message"><p dir="auto">hej</p></div>${rest}`;
const mended = `button, input, a { display: inline-block; min-width: 48px; min-height: 48px; font-size: 17px }
   #link { margin-top: 700px }`;

it('a page on which nothing is wrong has no faults', async () => {
  await page.setContent(body(mended));
  expect(await faultsOf(page, { target: 44, fits: true })).toEqual([]);
  expect(await sideways(page)).toEqual({ page: 0, wide: [] });
  expect(await outInView(page)).toEqual([]);
  expect(await hiddenFocus(page)).toEqual([]);
  expect(await lostInForcedColours(page)).toEqual([]);
  await page.emulateMedia({ forcedColors: 'active' });
  expect(await faultsOf(page, { forced: true })).toEqual([]);
  await page.emulateMedia({ forcedColors: 'none' });
});

it.each([
  ['a small target', 'button { width: 30px; min-width: 0 }', 'is 30'],
  ['small letters in a field', 'input { font-size: 13px }', 'letters of 13 px'],
  ['text that is cut', '#one { width: 20px; overflow: hidden; white-space: nowrap }', 'is cut by'],
  ['text on text', '#two { margin-top: -36px }', 'lies on'],
  ['motion', '@keyframes a { to { opacity: 0.5 } } #two { animation: a 9s infinite }', 'move']
])('%s is found', async (_, style, words) => {
  await page.setContent(body(mended + style));
  expect((await faultsOf(page, { target: 44, fits: true })).join()).toContain(words);
});

it('what is too wide, out of view, hidden or without its own direction is found', async () => {
  await page.setContent(body(`${mended} #two { width: 700px }`));
  expect((await sideways(page)).wide).toHaveLength(1);
  await page.setContent(body(`${mended} [data-testid=leave-now] { margin-top: 600px }`));
  expect(await outInView(page)).toContain('320 × 568');
  await page.setContent(
    body(
      `${mended} nav { position: fixed; inset: auto 0 0; height: 90%; background: #fff }`,
      '<nav></nav>'
    )
  );
  expect((await hiddenFocus(page)).join()).toContain('id="link"');
  await page.setContent(body(mended).replace('dir="auto"', 'dir="ltr"'));
  expect((await faultsOf(page, {})).join()).toContain('one direction');
});

it('what the system’s colours swallow is found', async () => {
  const lost =
    '#one { forced-color-adjust: none; color: #777; background: #888 } button { border: 0 }';
  await page.setContent(body(mended + lost));
  expect((await lostInForcedColours(page)).join()).toContain('En linje');
  await page.emulateMedia({ forcedColors: 'active' });
  expect((await faultsOf(page, { forced: true })).join()).toContain('no edge');
  await page.emulateMedia({ forcedColors: 'none' });
});

it('the ear hears what is added to a log once, and not what is switched off or hidden', async () => {
  await page.setContent('<div role="log"></div><p role="status"></p><div id="else"></div>');
  const ear = await listenTo(page);
  const add = (where: string, markup: string) =>
    page.evaluate(
      ([to, html]) => document.querySelector(to)?.insertAdjacentHTML('beforeend', html),
      [where, markup] as const
    );
  await add('[role=log]', '<p>ny</p>');
  await add('[role=log]', '<p aria-live="off">gammel</p><i aria-hidden="true">skriver</i>');
  await add('[role=status]', 'Er her');
  await add('#else', '<p role="status">kom med sine ord</p><p role="alert">Pas på</p>');
  expect(await ear.heard()).toEqual([
    { role: 'log', text: 'ny' },
    { role: 'status', text: 'Er her' },
    { role: 'alert', text: 'Pas på' }
  ]);
});
