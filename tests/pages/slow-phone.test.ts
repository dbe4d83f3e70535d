import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, takeNext } from '#tests/support/journey.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { firstVisit } from './slow-phone.ts';

let browser: Browser;
let server: ServerProcess;
beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), ServerProcess.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.remove();
});

const text = 'jeg har ikke sagt det til nogen';

test('on Slow 3G and a five-year-old phone one can type within a second of the first byte, and has sent sealed within seven', async () => {
  const desk = await aCounsellorAtTheDesk(browser, server);
  const times = await firstVisit(server, text, async () => {
    await takeNext(desk.page);
    await desk.talk.hasHeard([text]);
  });
  console.log(JSON.stringify(times));
  expect(times.typed - times.firstByte).toBeLessThan(1_000);
  expect(times.heard).toBeLessThan(7_000);
}, 120_000);
