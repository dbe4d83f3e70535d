import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { desktop, phone } from './browser.ts';

const wcag22aa = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
const screens = { phone: phone.viewport, desktop: desktop.viewport };

/** What axe finds on this page, light and dark, on a phone and on a desk. */
export async function expectNoBarrier(page: Page): Promise<void> {
  // Colours are judged at rest.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const [screen, viewport] of Object.entries(screens)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const axe = new AxeBuilder({ page });
      // In the dark only the colours are different.
      if (colorScheme === 'light') axe.withTags(wcag22aa);
      else axe.withRules(['color-contrast', 'link-in-text-block']);
      const { violations, passes } = await axe.analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`)
      );
      expect(found, `${screen}, ${colorScheme}`).toEqual([]);
      expect(passes.length).toBeGreaterThan(colorScheme === 'light' ? 8 : 0);
    }
  }
}

/** Text that somebody would have to scroll sideways for. */
export const sideways = (page: Page) =>
  page.evaluate(() => {
    const root = document.scrollingElement;
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const { right, left, width } = element.getBoundingClientRect();
      const isDrawing = element.closest('[aria-hidden=true], .room-place, .unseen, nav') !== null;
      return width > 0 && !isDrawing && (right > innerWidth + 1 || left < -1);
    });
    return {
      page: (root?.scrollWidth ?? 0) - innerWidth,
      wide: wide.map((element) => element.outerHTML.slice(0, 90))
    };
  });
