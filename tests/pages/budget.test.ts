import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage } from '#tests/support/browser.ts';
import { goTo } from '#tests/support/visitor-pages.ts';

const kB = 1000;

const { browser, server } = await browserAndServer();

/** Every path that a page asks for, workers included, from now on. */
function askedFor(page: Page): Set<string> {
  const paths = new Set<string>();
  page.context().on('request', (request) => paths.add(new URL(request.url()).pathname));
  return paths;
}

/** What goes over the line for a path, as a browser that takes brotli gets it. */
async function weigh(path: string): Promise<{ bytes: number; type: string }> {
  const answer = await fetch(server.origin + path, { headers: { 'accept-encoding': 'br' } });
  expect(answer.headers.get('content-encoding'), path).toBe('br');
  // `fetch` has unpacked it; the length it was announced with is what was sent.
  const bytes = Number(answer.headers.get('content-length'));
  expect(bytes, path).toBeGreaterThan(0);
  return { bytes, type: answer.headers.get('content-type')?.split(';')[0] ?? '' };
}

async function weighAll(paths: Iterable<string>) {
  const weights = await Promise.all(
    [...paths].toSorted().map(async (path) => ({ path, ...(await weigh(path)) }))
  );
  const sum = (kind: RegExp) =>
    weights
      .filter(({ path, type }) => kind.test(path) || kind.test(type))
      .reduce((total, { bytes }) => total + bytes, 0);
  return { weights, sum };
}

it.each(['/', '/en'])(
  'the front door %s weighs at most 10 kB, without a framework',
  async (door) => {
    const { context, page } = await aPage(browser);
    const paths = askedFor(page);
    await page.goto(server.origin + door, { waitUntil: 'networkidle' });
    // Chromium asks for the icon when a tab is drawn, which a browser without a screen does not do.
    paths.add((await page.locator('link[rel=icon]').getAttribute('href')) ?? '');
    await context.close();

    const { weights, sum } = await weighAll(paths);
    const scripts = weights.filter(({ type }) => type.includes('javascript'));
    expect(scripts.map(({ path }) => path)).toEqual(['/exit.js']);
    console.log(
      `${door}: ${sum(/./)} bytes in ${weights.length} files: html ${sum(/html/)}, ` +
        `css ${sum(/css/)}, exit.js ${sum(/exit\.js/)}, icon ${sum(/svg/)}`
    );
    expect(sum(/exit\.js/)).toBeLessThan(1 * kB);
    expect(sum(/./)).toBeLessThanOrEqual(10 * kB);
  }
);

it('the chat takes at most 60 kB of script until somebody can send', async () => {
  const { context, page } = await aPage(browser);
  const paths = askedFor(page);
  await goTo(page, server.origin, 'waiting');
  await page.waitForLoadState('networkidle');
  await context.close();

  const { weights, sum } = await weighAll([...paths].filter((path) => path.endsWith('.js')));
  const keys = sum(/keys\.worker/);
  const proof = sum(/proof\.worker/);
  const script = sum(/./) - keys;
  console.log(
    `/chat: ${script} bytes of script in ${weights.length - 1} files, ` +
      `the proof worker's ${proof} among them; the keys worker ${keys} more`
  );
  // Both were really started.
  expect(keys).toBeGreaterThan(0);
  expect(proof).toBeGreaterThan(0);
  expect(script).toBeLessThanOrEqual(60 * kB);
});
