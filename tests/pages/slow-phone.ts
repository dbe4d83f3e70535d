import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, phone, wholeChromium } from '#tests/support/browser.ts';
import { Talk } from '#tests/support/journey.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { Passage } from '#tests/support/passage.ts';
import { slow3g, SlowLine } from '#tests/support/slow-line.ts';

/** How much slower than this machine's the phone's processor is. */
export const slowdown = 4;

/** Milliseconds since the address was opened, and what it took. */
export interface Visit {
  /** Paths, in the order in which they were asked for until keys were agreed. */
  readonly asked: readonly string[];
  /** Bytes that came over the line until then. */
  readonly received: number;
  /** The first byte of the page: connection and request, two rounds here. */
  readonly firstByte: number;
  /** The first letter stood in the field. */
  readonly typed: number;
  /** The page's own script was there. */
  readonly script: number;
  /** It was awake. */
  readonly awake: number;
  /** There was a place in the queue. */
  readonly placed: number;
  /** Keys were agreed with the counsellor: what is sent from here on is sealed. */
  readonly open: number;
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
): Promise<Visit> {
  const line = new SlowLine(slow3g);
  const passage = await Passage.to(server.port, line.carry);
  const rule = `MAP localhost:${server.port} 127.0.0.1:${passage.port}`;
  const browser = await chromium.launch({
    executablePath: wholeChromium,
    args: [...browserArguments, `--host-resolver-rules=${rule}`]
  });
  try {
    return await visit(browser, line, server.origin, text, take);
  } finally {
    await browser.close();
    passage.shut();
  }
}

async function visit(
  browser: Browser,
  line: SlowLine,
  origin: string,
  text: string,
  take: () => Promise<void>
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'da-DK', ...phone });
  const page = await context.newPage();
  await page.addInitScript(() => {
    addEventListener('input', ({ target }) => {
      if (target instanceof HTMLTextAreaElement) performance.mark('typed');
    });
  });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });

  await page.goto(`${origin}/chat`, { waitUntil: 'commit' });
  await page.getByTestId('composer').focus();
  await page.keyboard.press(text.slice(0, 1));
  await page.keyboard.insertText(text.slice(1));
  const opened = await page.evaluate(() => performance.timeOrigin);
  const since = () => Date.now() - opened;
  // Before the script runs these two are plain fields of a form, and keep what was chosen.
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  const awake = since();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  const placed = since();
  const taken = take();
  await new Talk(page.locator('body')).isState('open', 60_000);
  const open = since();
  const before = { asked: [...asked], received: line.received };
  await taken;
  const heard = since();
  return { ...before, ...(await marks(page)), awake, placed, open, heard };
}

const marks = (page: Page) =>
  page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation');
    const typed = performance.getEntriesByName('typed')[0]?.startTime ?? Infinity;
    const script = performance
      .getEntriesByType('resource')
      .find(({ name }) => /\/chat\./.test(name));
    return {
      firstByte: (navigation as PerformanceNavigationTiming).responseStart,
      typed,
      script: (script as PerformanceResourceTiming).responseEnd
    };
  });
