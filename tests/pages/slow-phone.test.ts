import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aCounsellorAtTheDesk, takeNext } from '#tests/support/journey.ts';
import { firstVisit } from './slow-phone.ts';

const { browser, server } = await browserAndServer();

const text = 'jeg har ikke sagt det til nogen';

// What does not depend on how busy this machine is; the seconds are in slow-phone.long.ts.
test('on Slow 3G one types before any script has come, and what it takes to send sealed is little', async () => {
  const desk = await aCounsellorAtTheDesk(browser, server);
  const visit = await firstVisit(server, text, async () => {
    await takeNext(desk.page);
    await desk.talk.hasHeard([text]);
  });
  console.log(JSON.stringify(visit));
  expect(visit.typed).toBeLessThan(visit.script);
  expect(visit.asked.filter((path) => path.endsWith('.css'))).toEqual([]);
  // Nothing is asked for twice, but what lies in the browser's own store.
  expect(new Set(visit.asked).size).toBeLessThanOrEqual(10);
  expect(visit.received).toBeLessThan(235_000);
}, 120_000);
