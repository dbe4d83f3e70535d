import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const standing = (page: Page) =>
  page.evaluate(() => {
    const dialog = document.querySelector('dialog:modal');
    return { isOpen: dialog !== null, isInside: dialog?.contains(document.activeElement) ?? false };
  });

/**
 * What opens a dialog, by keyboard: the focus goes in and stays in, Escape closes, and the focus is back where it was.
 * Left closed.
 */
export async function expectDialogReturns(page: Page, opener: Locator): Promise<void> {
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => standing(page)).toEqual({ isOpen: true, isInside: true });
  const title = await page.locator('dialog:modal').getAttribute('aria-labelledby');
  expect(await page.locator(`dialog:modal [id="${title}"]`).textContent()).not.toBe('');
  await page.keyboard.press('Tab');
  // Chromium's own window is one stop of the round; nothing behind the dialog is.
  const behind = await page.evaluate(() => {
    const focused = document.activeElement;
    return focused !== document.body && focused?.closest('dialog') === null;
  });
  expect(behind, 'the focus is behind the dialog').toBe(false);
  await page.keyboard.press('Escape');
  await expect.poll(() => standing(page)).toEqual({ isOpen: false, isInside: false });
  const isBack = () => opener.evaluate((button) => button === document.activeElement);
  await expect.poll(isBack).toBe(true);
}
