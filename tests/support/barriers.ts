import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { desktop, phone } from './browser.ts';
import { lostInForcedColours } from './forced-colours.ts';
import { faultsOf } from './measured.ts';

const wcag22aa = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
const everything = { type: 'tag', values: wcag22aa } as const;
/** In the dark, and in the system's colours, only the colours are different. */
const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } as const;
/** What axe takes for the system's colours is not what is painted: `lostInForcedColours` looks. */
const allButColours = { ...everything, without: ['color-contrast'] };
type Rules = typeof everything | typeof colours | typeof allButColours;

interface Axe {
  run(
    where: Document,
    how: object
  ): Promise<{
    violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[];
    passes: unknown[];
  }>;
}

/** What axe finds on the page as it stands; it is put into a page once. */
async function axe(page: Page, runOnly: Rules): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window)))
    await new AxeBuilder({ page }).setLegacyMode().withRules(['document-title']).analyze();
  const { found, passed } = await page.evaluate(async (rules) => {
    const { axe: looks } = window as unknown as { axe: Axe };
    const off = 'without' in rules ? rules.without : [];
    const how = {
      runOnly: { type: rules.type, values: rules.values },
      rules: Object.fromEntries(off.map((rule) => [rule, { enabled: false }])),
      resultTypes: ['violations'],
      preload: false
    };
    const { violations, passes } = await looks.run(document, how);
    return {
      found: violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`)
      ),
      passed: passes.length
    };
  }, runOnly);
  // In a dialog there is little else.
  expect(passed, 'axe has looked').toBeGreaterThan(runOnly === colours ? 0 : 5);
  return found;
}

/** Where the visitor's pages are used a finger needs 44 pixels; at the desk at least 24. */
const least = (page: Page) => (new URL(page.url()).pathname.includes('/desk') ? 24 : 44);

/**
 * Nothing bars anybody from the page as it stands: to axe, light, dark and in the system's own colours, on a
 * phone and at a desk; nor are targets too small, letters of fields under 16 pixels, anything cut or on top of
 * something else, edges or icons lost, or anything in motion for who wants none.
 */
export async function expectNoBarrier(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize(phone.viewport);
  // Colours are judged at rest.
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  const light = await faultsOf(page, { target: least(page), fits: true });
  light.push(...(await axe(page, everything)));
  expect(light, 'phone, light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axe(page, colours), 'phone, dark').toEqual([]);
  const lost = await lostInForcedColours(page);
  await page.emulateMedia({ forcedColors: 'active' });
  const forced = await faultsOf(page, { forced: true });
  expect
    .soft([...lost, ...forced, ...(await axe(page, allButColours))], 'forced colours')
    .toEqual([]);
  await page.emulateMedia({ forcedColors: 'none' });
  await page.setViewportSize(desktop.viewport);
  expect(await axe(page, colours), 'desktop, dark').toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  const wide = await faultsOf(page, { fits: true });
  expect([...wide, ...(await axe(page, everything))], 'desktop, light').toEqual([]);
  if (before) await page.setViewportSize(before);
}

/** The page as it stands on a phone by day, to axe and to the rules of `expectNoBarrier`. */
export async function expectNoBarrierByDay(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const light = await faultsOf(page, { target: least(page), fits: true });
  expect([...light, ...(await axe(page, everything))]).toEqual([]);
}

/** Enlarged four times, and with letters of twice the size: nothing to scroll sideways for, nothing cut. */
export async function expectRoomForAll(page: Page): Promise<void> {
  const before = page.viewportSize() ?? phone.viewport;
  const faults = async () => ({
    ...(await sideways(page)),
    faults: await faultsOf(page, { fits: true })
  });
  const none = { page: 0, wide: [], faults: [] };
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await faults(), 'on the smallest phone').toEqual(none);
  await page.setViewportSize({ width: 320, height: 256 });
  expect(await faults(), 'enlarged four times').toEqual(none);
  await page.setViewportSize(before);
  const devtools = await page.context().newCDPSession(page);
  const letters = async (standard: number) => {
    await devtools.send('Page.setFontSizes', { fontSizes: { standard } });
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
    await expect.poll(size).toBeGreaterThanOrEqual(standard);
  };
  await letters(32);
  expect(await faults(), 'letters of twice the size').toEqual(none);
  await letters(16);
  await devtools.detach();
}

/** Text that somebody would have to scroll sideways for. */
export const sideways = (page: Page) =>
  page.evaluate(
    (width) => {
      const wide = [...document.querySelectorAll('body *')].filter((element) => {
        const { right, left, width: own } = element.getBoundingClientRect();
        const isDrawing = element.closest('[aria-hidden=true], .room-place, .unseen, nav') !== null;
        return own > 0 && !isDrawing && (right > width + 1 || left < -1);
      });
      return {
        page: Math.max(0, (document.scrollingElement?.scrollWidth ?? 0) - width),
        wide: wide.map((element) => element.outerHTML.slice(0, 90))
      };
    },
    // A phone makes its own window as wide as what does not fit: that would hide it.
    page.viewportSize()?.width ?? 0
  );
