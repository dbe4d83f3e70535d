import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aCounsellorAtTheDesk, takeNext } from '#tests/support/journey.ts';
import { firstVisit, type Visit } from './slow-phone.ts';

const { browser, server } = await browserAndServer();

const middle = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Infinity;

test('on Slow 3G and a five-year-old phone one can type within a second of the first byte, and send sealed within seven', async () => {
  const desk = await aCounsellorAtTheDesk(browser, server);
  const visits: Visit[] = [];
  for (const round of [1, 2, 3, 4, 5]) {
    const text = `jeg har ikke sagt det til nogen ${round}`;
    const visit = await firstVisit(server, text, async () => {
      await takeNext(desk.page);
      const talk = desk.page.locator('[data-testid=desk-conversation].current');
      await talk.getByText(text).waitFor();
    });
    visits.push(visit);
    await desk.page.locator('.current').getByTestId('end-conversation').click();
    await desk.page.locator('[data-testid=end-confirm]:visible').click();
  }
  const after = (what: 'typed' | 'script' | 'awake' | 'placed' | 'open' | 'heard') =>
    Math.round(middle(visits.map((visit) => visit[what] - visit.firstByte)));
  console.log(
    JSON.stringify({
      typed: after('typed'),
      script: after('script'),
      awake: after('awake'),
      placed: after('placed'),
      open: after('open'),
      heard: after('heard')
    })
  );
  expect(after('typed')).toBeLessThan(1_000);
  expect(after('open')).toBeLessThan(7_000);
}, 300_000);
