import type { Page } from 'playwright-core';

export interface Heard {
  /** The role of the live region: `log`, `status`, `alert`, `live`. */
  readonly role: string;
  readonly text: string;
}

/** What a screen reader would read out by itself, and where the focus went, from here on and in pages to come. */
export async function listenTo(page: Page): Promise<Ear> {
  await page.addInitScript(listen);
  await page.evaluate(listen);
  return new Ear(page);
}

class Ear {
  private readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  heard(): Promise<Heard[]> {
    return this.page.evaluate(() => (window as unknown as { heard: Heard[] }).heard);
  }

  async in(role: string): Promise<string[]> {
    return (await this.heard()).filter((one) => one.role === role).map(({ text }) => text);
  }

  forget(): Promise<void> {
    return this.page.evaluate(() => void (window as unknown as { heard: Heard[] }).heard.splice(0));
  }
}

/** Runs in the page: live regions by their rules (WAI-ARIA 1.2, 6.6). */
function listen(): void {
  const heard: Heard[] = [];
  if ('heard' in window) return;
  Object.assign(window, { heard });
  const roles = ['log', 'status', 'alert'];
  const known = new WeakSet<Element>();
  const isRegion = (element: Element) =>
    element.hasAttribute('aria-live') || roles.includes(element.getAttribute('role') ?? '');
  /** The nearest decides: what is off is off, also inside one that is on. */
  const regionOf = (node: Node): Element | null => {
    const start = node instanceof Element ? node : node.parentElement;
    if (!start || start.closest('[aria-hidden=true]')) return null;
    for (let at: Element | null = start; at; at = at.parentElement)
      if (isRegion(at)) return at.getAttribute('aria-live') === 'off' ? null : at;
    return null;
  };
  const learn = () =>
    document
      .querySelectorAll('[aria-live], [role]')
      .forEach((one) => isRegion(one) && known.add(one));
  const words = (node: Node): string => {
    const element = node instanceof Element ? node : node.parentElement;
    if (!element) return '';
    const copy = element.cloneNode(true) as Element;
    copy.querySelectorAll('[aria-live=off], [aria-hidden=true]').forEach((part) => part.remove());
    return copy.textContent?.trim().replaceAll(/\s+/g, ' ') ?? '';
  };
  const look = (changes: MutationRecord[]) => {
    const told = new Set<string>();
    const tell = (region: Element, text: string) => {
      const role = region.getAttribute('role') ?? 'live';
      if (text && !told.has(role + text)) heard.push({ role, text });
      told.add(role + text);
    };
    for (const { type, target, addedNodes } of changes)
      for (const node of type === 'characterData' ? [target] : addedNodes) {
        if (!node.isConnected) continue;
        const region = regionOf(node);
        // A region that comes with its words is not read out, unless it is an alert.
        if (!region || (!known.has(region) && region.getAttribute('role') !== 'alert')) continue;
        const isLog = region.getAttribute('role') === 'log';
        if (isLog && !(node instanceof Element)) continue;
        tell(region, isLog ? words(node) : words(region));
      }
    learn();
  };
  const begin = () => {
    learn();
    new MutationObserver(look).observe(document, {
      childList: true,
      subtree: true,
      characterData: true
    });
  };
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin);
  else begin();
}
