import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { expectNoBarrier, expectRoomForAll } from '#tests/support/barriers.ts';
import { aPage, phone } from '#tests/support/browser.ts';
import { expectDialogReturns } from '#tests/support/dialogs.ts';
import { dateAhead, plan } from '#tests/support/planned.ts';

const exit = 'https://www.dmi.dk/';
const { browser, server } = await browserAndServer({
  settings: { FRIRUM_EXIT_URL: exit },
  everybodyLeaves: true
});
beforeAll(async () => {
  await plan(server, 'Sofie');
  const address = 'Torvet 1';
  const place = { kind: 'drop-in' as const, name: 'Hovedbiblioteket', address };
  const when = { repeats: 'once' as const, date: dateAhead(4) };
  await plan(server, 'Mikkel', { when, offer: { place } });
}, 120_000);

async function look(page: Page, language = '') {
  await page.goto(`${server.origin}${language}/book`);
  await page.getByTestId('slot').first().waitFor();
}

async function choose(page: Page) {
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('slot').first().click();
  await page.getByTestId('book-confirm').waitFor();
}

async function book(page: Page) {
  await page.getByTestId('book-confirm').click();
  await page.locator('[data-testid=ticket][data-state=planned]').waitFor();
}

it('nothing on the way to a ticket bars anybody', async () => {
  const { page } = await aPage(browser);
  await look(page, '/en');
  await choose(page);
  await expectNoBarrier(page);
  await expectRoomForAll(page);
  await book(page);
  await page.getByTestId('ticket-carry').locator('summary').click();
  await page.getByTestId('ticket-show-code').click();
  await expectNoBarrier(page);
  await expectRoomForAll(page);
  await expectDialogReturns(page, page.getByTestId('booking-cancel'));
  await page.getByTestId('booking-cancel').click();
  await expectNoBarrier(page);
  await page.getByTestId('booking-cancel-confirm').click();
  await page.locator('[data-testid=ticket][data-state=cancelled]').waitFor();
  await expectNoBarrier(page);
}, 120_000);

it('keeps nothing before somebody books, and asks nobody else for anything', async () => {
  const { context, page, complaints } = await aPage(browser, phone);
  const elsewhere: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(server.origin)) elsewhere.push(request.url());
  });
  await look(page);
  await choose(page);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
  expect(await context.cookies()).toEqual([]);
  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
});

it('leaving takes the ticket along, wherever it was kept', async () => {
  const { context, page } = await aPage(browser, phone);
  await context.route(`${exit}**`, (route) => route.fulfill({ body: 'Vejret' }));
  await look(page);
  await choose(page);
  await book(page);
  await page.getByTestId('ticket-keep-device').click();
  expect(await page.evaluate(() => localStorage.length)).toBe(1);
  await page.getByTestId('leave-now').click();
  await page.waitForURL(exit);
  await page.goto(`${server.origin}/healthz`);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
});

it('says so when there is no connection, and finds the times when there is one again', async () => {
  const { context, page } = await aPage(browser, phone);
  await look(page);
  await context.route('**/booking/week/*', (route) => route.abort());
  await page.getByTestId('week-next').click();
  await page.getByText('Vi kan ikke få forbindelse').waitFor();
  await context.unroute('**/booking/week/*');
  await page.getByRole('button', { name: 'Prøv igen nu' }).click();
  await page.getByText('Ingen ledige tider her').waitFor();
});

it('shows the times in the own zone of who is far away, and says so', async () => {
  const { page } = await aPage(browser, { ...phone, timezoneId: 'Asia/Tokyo' });
  await look(page);
  const slot = page.getByTestId('slot').first();
  const start = Date.parse((await slot.getAttribute('data-start')) ?? '');
  const there = new Intl.DateTimeFormat('da-DK', {
    timeZone: 'Asia/Tokyo',
    hour: '2-digit',
    minute: '2-digit'
  }).format(start);
  expect(await slot.textContent()).toContain(there);
  await page.getByText(/i din egen tid \(Tokyo\)/).waitFor();
});

it('takes at most 60 kB of script until somebody has a ticket', async () => {
  const { context, page } = await aPage(browser, phone);
  const paths = new Set<string>();
  context.on('request', (request) => paths.add(new URL(request.url()).pathname));
  await look(page);
  await choose(page);
  await book(page);
  const scripts = [...paths].filter((path) => path.endsWith('.js'));
  const weights = await Promise.all(
    scripts.map(async (path) => {
      const answer = await fetch(server.origin + path, { headers: { 'accept-encoding': 'br' } });
      return Number(answer.headers.get('content-length'));
    })
  );
  const bytes = weights.reduce((sum, one) => sum + one, 0);
  console.log(`/book: ${bytes} bytes of script in ${scripts.length} files`);
  expect(scripts.some((path) => path.includes('proof.worker'))).toBe(true);
  expect(bytes).toBeLessThanOrEqual(60_000);
});
