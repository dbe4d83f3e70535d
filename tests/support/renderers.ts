import type { Browser } from 'playwright-core';

/** The processes that run a browser's pages and workers; stopped, no timer of theirs runs any more. */
export async function renderersOf(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}
