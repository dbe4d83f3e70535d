import type { Page } from 'playwright-core';

/** What is looked at in one reading of a page. */
export interface Reading {
  /** The least that a finger has to hit, in CSS pixels. */
  readonly target?: number;
  /** Whether everything must fit across, and no text may be cut or lie on another. */
  readonly fits?: boolean;
  /** Whether the system's own colours are on: then edges are looked at. */
  readonly forced?: boolean;
}

/** What is wrong with a page as it stands on the screen, in words; empty when nothing is. */
export const faultsOf = (page: Page, reading: Reading): Promise<string[]> =>
  page.evaluate(measure, reading);

/** Runs in the page. */
function measure({ target = 24, fits = false, forced = false }: Reading): string[] {
  const root = document.querySelector('dialog:modal') ?? document.body;
  const all = [...root.querySelectorAll<HTMLElement>('*')];
  const named = (element: Element) =>
    `${element.tagName.toLowerCase()}${element.className && typeof element.className === 'string' ? `.${element.className.split(' ')[0]}` : ''} "${(element.getAttribute('data-testid') ?? element.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 40)}"`;
  /** Put out of sight for who listens. */
  const isForEars = (element: Element) => {
    for (let at: Element | null = element; at; at = at.parentElement)
      if (at.ariaHidden === 'true' || getComputedStyle(at).clipPath === 'inset(50%)') return true;
    return false;
  };
  const isShown = (element: Element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !isForEars(element);
  const faults: string[] = [];

  const controls = 'a[href], button, summary, input, select, textarea, [role=button], [role=tab]';
  const hit = (control: Element) => control.closest('label') ?? control;
  const isInText = (control: Element) => {
    if (getComputedStyle(control).display !== 'inline') return false;
    const around = control.closest('p, li, dd, dt, td, small, legend') ?? control.parentElement;
    return (
      (around?.textContent?.trim().length ?? 0) > (control.textContent?.trim().length ?? 0) + 2
    );
  };
  const isUsable = (control: Element) =>
    isShown(hit(control)) && !control.matches(':disabled, [type=hidden]');
  const usable = [...root.querySelectorAll<HTMLElement>(controls)].filter(isUsable);
  for (const control of usable) {
    const { width, height } = hit(control).getBoundingClientRect();
    const least = isInText(control) ? 0 : target;
    // A tenth of a pixel is how letters of this size come out.
    if (width > 0 && Math.min(width, height) < least - 0.5)
      faults.push(`${named(control)} is ${width.toFixed(0)} × ${height.toFixed(0)}`);
    if (
      control.matches('select, textarea, input:not([type=checkbox], [type=radio], [type=file])')
    ) {
      const size = parseFloat(getComputedStyle(control).fontSize);
      if (size < 16) faults.push(`${named(control)} has letters of ${size} px`);
    }
  }

  if (fits) faults.push(...unfit());
  if (forced) faults.push(...edgeless());
  const moving = document.getAnimations().filter(({ playState }) => playState === 'running');
  if (matchMedia('(prefers-reduced-motion: reduce)').matches && moving.length > 0)
    faults.push(`${moving.length} things move`);
  for (const bubble of root.querySelectorAll('[data-testid=message] p'))
    if (bubble.getAttribute('dir') !== 'auto') faults.push(`${named(bubble)} has one direction`);
  return faults;

  /** Lines of text as they lie on the screen, and what cuts them. */
  function lines() {
    return all.filter(isShown).flatMap((element) => {
      if (element.closest('svg, textarea, select')) return [];
      const range = document.createRange();
      return [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim())
        .flatMap((node) => {
          range.selectNodeContents(node);
          return [...range.getClientRects()]
            .filter(({ width, height }) => width > 1 && height > 1)
            .map((rect) => ({ element, rect }));
        });
    });
  }

  function unfit(): string[] {
    const found: string[] = [];
    const text = lines();
    for (const { element, rect } of text) {
      for (
        let box: Element | null = element;
        box && box !== document.body;
        box = box.parentElement
      ) {
        const { overflowX, overflowY, textOverflow } = getComputedStyle(box);
        const { left, right, top, bottom } = box.getBoundingClientRect();
        // A long name that ends in dots stands in full somewhere else.
        if (textOverflow === 'ellipsis') break;
        const across = rect.right > right + 2 || rect.left < left - 2;
        const down = rect.bottom > bottom + 4 || rect.top < top - 4;
        if (/hidden|clip/.test(overflowX) && across)
          found.push(`${named(element)} is cut by ${named(box)}`);
        else if (/hidden|clip/.test(overflowY) && down && !box.matches('.frirum'))
          found.push(`${named(element)} is cut below by ${named(box)}`);
        if (/auto|scroll/.test(overflowX + overflowY)) break;
      }
    }
    const flows = text.filter(({ element }) => {
      for (let box: Element | null = element; box; box = box.parentElement)
        if (/sticky|fixed|absolute/.test(getComputedStyle(box).position)) return false;
      return true;
    });
    for (const [at, one] of flows.entries())
      for (const other of flows.slice(at + 1)) {
        if (
          one.element === other.element ||
          one.element.contains(other.element) ||
          other.element.contains(one.element)
        )
          continue;
        const wide =
          Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
        const high =
          Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
        if (wide < 3 || high < Math.min(one.rect.height, other.rect.height) * 0.3) continue;
        const x = Math.max(one.rect.left, other.rect.left) + wide / 2;
        const y = Math.max(one.rect.top, other.rect.top) + high / 2;
        const seen = document.elementsFromPoint(x, y);
        if (seen.includes(one.element) && seen.includes(other.element))
          found.push(`${named(one.element)} lies on ${named(other.element)}`);
      }
    return [...new Set(found)];
  }

  /** With the system's own colours: an edge around what can be pressed. */
  function edgeless(): string[] {
    const found: string[] = [];
    for (const control of usable) {
      if (control.matches('a, [type=checkbox], [type=radio], [type=file], summary')) continue;
      const style = getComputedStyle(hit(control));
      const edge = style.borderTopStyle !== 'none' && parseFloat(style.borderTopWidth) > 0;
      if (!edge && style.textDecorationLine !== 'underline')
        found.push(`${named(control)} has no edge`);
    }
    return found;
  }
}

/** What has the focus: whether it shows that it has it, and whether anything lies over it; null on nothing. */
export const focusedNow = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    const shown = focused.matches('.unseen') ? (focused.closest('label') ?? focused) : focused;
    const { left, right, top, bottom } = shown.getBoundingClientRect();
    const inset = (from: number, to: number) => [from + 2, (from + to) / 2, to - 2];
    const seen = inset(top, bottom)
      .flatMap((y) => inset(left, right).map((x) => document.elementFromPoint(x, y)))
      .filter((one) => one && (shown.contains(one) || one.closest('label')?.contains(focused)));
    const style = getComputedStyle(shown);
    return {
      name: focused.closest('[data-testid]')?.getAttribute('data-testid') ?? '',
      told: `${focused.outerHTML.slice(0, 80)} at ${top.toFixed(0)}–${bottom.toFixed(0)} of ${innerHeight}`,
      place: [...document.querySelectorAll('*')].indexOf(focused),
      // Not even a corner is not enough.
      isSeen: seen.length >= 2,
      isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    };
  });

/** Walks through all that takes the focus, with the key for it. @returns what was hidden when it had it */
export async function hiddenFocus(page: Page, most = 120): Promise<string[]> {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    scrollTo(0, 0);
  });
  const hidden: string[] = [];
  let first = -1;
  for (let steps = 0; steps < most; steps += 1) {
    await page.keyboard.press('Tab');
    let now = await focusedNow(page);
    // A busy browser scrolls a frame or two later.
    for (let frames = 0; now && !now.isSeen && frames < 30; frames += 1) {
      await page.evaluate(() => new Promise(requestAnimationFrame));
      now = await focusedNow(page);
    }
    if (!now || now.place === first) break;
    if (first < 0) first = now.place;
    if (!now.isSeen) hidden.push(now.told);
  }
  return hidden;
}
