import type { Page } from 'playwright-core';
import { desktop, phone } from './browser.ts';

/** The screens, from the smallest, on which somebody cannot see or hit the way out without scrolling. */
export async function outInView(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  const faults: string[] = [];
  for (const viewport of [{ width: 320, height: 568 }, phone.viewport, desktop.viewport]) {
    await page.setViewportSize(viewport);
    const seen = await page.getByTestId('leave-now').evaluate((out) => {
      const { left, right, top, bottom } = out.getBoundingClientRect();
      const onTop = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
      return isInside && out.contains(onTop) && right - left >= 44 && bottom - top >= 44;
    });
    if (!seen) faults.push(`${viewport.width} × ${viewport.height}`);
  }
  if (before) await page.setViewportSize(before);
  return faults;
}
