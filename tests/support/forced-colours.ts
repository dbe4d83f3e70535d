import type { Page } from 'playwright-core';
import { phone } from './browser.ts';

/**
 * What cannot be told from what lies below it in the system's own colours, as it comes out on the screen: what a
 * browser says of colours it has replaced is not what it paints. Words need 4.5 : 1, drawings on controls 3 : 1.
 */
export async function lostInForcedColours(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: phone.viewport.width, height: 2_400 });
  await page.emulateMedia({ forcedColors: 'active' });
  const picture = (await page.screenshot({ scale: 'css' })).toString('base64');
  const lost = await page.evaluate(look, picture);
  await page.emulateMedia({ forcedColors: 'none' });
  await page.setViewportSize(phone.viewport);
  return lost;
}

/** Runs in the page. */
async function look(picture: string): Promise<string[]> {
  const bytes = Uint8Array.from(atob(picture), (sign) => sign.codePointAt(0) ?? 0);
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const pencil = new OffscreenCanvas(image.width, image.height).getContext('2d');
  if (!pencil) throw new Error('no canvas');
  pencil.drawImage(image, 0, 0);

  /** The contrast between the lightest and the darkest point within. */
  const contrast = ({ left, top, width, height }: DOMRect) => {
    const [x, y] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))];
    const { data } = pencil.getImageData(x, y, Math.ceil(width), Math.ceil(height));
    let [least, most] = [1, 0];
    const part = (value = 0) =>
      value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    for (let at = 0; at < data.length; at += 4) {
      const light =
        0.2126 * part(data[at]) + 0.7152 * part(data[at + 1]) + 0.0722 * part(data[at + 2]);
      least = Math.min(least, light);
      most = Math.max(most, light);
    }
    return (most + 0.05) / (least + 0.05);
  };
  const named = (element: Element) =>
    `${element.tagName.toLowerCase()} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  const root = document.querySelector('dialog:modal') ?? document.body;
  const isOnTop = (element: Element, { left, top, width, height }: DOMRect) => {
    const on = document.elementFromPoint(left + width / 2, top + height / 2);
    return on !== null && (element.contains(on) || on.contains(element));
  };
  const isForEars = (element: Element) => {
    for (let at: Element | null = element; at; at = at.parentElement)
      if (getComputedStyle(at).clipPath === 'inset(50%)') return true;
    return false;
  };
  const lost: string[] = [];
  const range = document.createRange();
  for (const element of root.querySelectorAll('*')) {
    const { left, top, width, height } = element.getBoundingClientRect();
    const isThere = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const isUnseen = isForEars(element) || element.closest(':disabled, svg svg') !== null;
    if (!isThere || isUnseen || width < 2 || height < 2 || left < 0 || top < 0) continue;
    const words = [...element.childNodes].find(
      (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim()
    );
    if (words && !element.closest('svg, option')) {
      range.selectNodeContents(words);
      const [line] = range.getClientRects();
      if (line && line.width > 2 && isOnTop(element, line) && contrast(line) < 4.5)
        lost.push(`${named(element)} cannot be read`);
    }
    const control = element.closest('button, a, summary, label');
    if (element.matches('svg') && control && isOnTop(control, element.getBoundingClientRect()))
      if (contrast(element.getBoundingClientRect()) < 3)
        lost.push(`the drawing of ${named(control)} cannot be seen`);
  }
  return lost;
}
