import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, executablePath, phone } from '#tests/support/browser.ts';
import { Talk } from '#tests/support/journey.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { slow3g, SlowLine } from '#tests/support/slow-line.ts';

/** How much slower than this machine's the phone's processor is. */
export const slowdown = 4;

/** Milliseconds since the address was opened. */
export interface Times {
  /** The first byte of the page: connection and request, two rounds here. */
  readonly firstByte: number;
  /** The first letter stood in the field. */
  readonly typed: number;
  /** The page's script was awake. */
  readonly awake: number;
  /** There was a place in the queue. */
  readonly placed: number;
  /** The first message, sealed on the phone, was read at the desk. */
  readonly heard: number;
}

/**
 * Somebody on a five-year-old phone and Slow 3G opens the chat for the first time, writes at once, says who they are,
 * and is taken as soon as they have a place.
 * @param take called when they stand in the queue; resolves when the desk has read the text
 */
export async function firstVisit(
  server: Pick<ServerProcess, 'origin' | 'port'>,
  text: string,
  take: () => Promise<void>
): Promise<Times> {
  const line = await SlowLine.before(server.port, slow3g);
  const rule = `MAP localhost:${server.port} 127.0.0.1:${line.port}`;
  const browser = await chromium.launch({
    executablePath,
    args: [...browserArguments, `--host-resolver-rules=${rule}`]
  });
  try {
    return await visit(browser, server, text, take);
  } finally {
    await browser.close();
    line.stop();
  }
}

async function visit(
  browser: Browser,
  { origin }: Pick<ServerProcess, 'origin'>,
  text: string,
  take: () => Promise<void>
): Promise<Times> {
  const context = await browser.newContext({ locale: 'da-DK', ...phone });
  const page = await context.newPage();
  await page.addInitScript(() => {
    addEventListener('input', ({ target }) => {
      if (target instanceof HTMLTextAreaElement) performance.mark('typed');
    });
  });
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });

  await page.goto(`${origin}/chat`, { waitUntil: 'commit' });
  await page.getByTestId('composer').focus();
  await page.keyboard.type(text);
  const opened = await page.evaluate(() => performance.timeOrigin);
  const since = () => Date.now() - opened;
  // Before the script runs these two are plain fields of a form, and keep what was chosen.
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  const awake = since();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  const placed = since();
  await take();
  const heard = since();
  await new Talk(page.locator('body')).isState('open');
  return { ...(await marks(page)), awake, placed, heard };
}

const marks = (page: Page) =>
  page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation');
    const typed = performance.getEntriesByName('typed')[0]?.startTime ?? Infinity;
    return { firstByte: (navigation as PerformanceNavigationTiming).responseStart, typed };
  });
