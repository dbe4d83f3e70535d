import { beforeAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { moveBookings, proposeMoves, seePlan } from '#shared/plan/calls.ts';
import { aPage, desktop, phone } from '#tests/support/browser.ts';
import { valueOf } from '#tests/support/people.ts';
import { aLead, dateAhead, plan } from '#tests/support/planned.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });
const day = 86_400_000;
beforeAll(async () => {
  const weekday = new Date(Date.now() + 3 * day).getUTCDay() || 7;
  const when = { repeats: 'weekly' as const, weekday, from: dateAhead(1), until: null };
  await plan(server, 'Sofie', { when });
  await plan(server, 'Mikkel', { when, start: '18:00', end: '19:00' });
}, 120_000);

test('a professional books the same time three weeks in a row: three tickets', async () => {
  const { page, complaints } = await aPage(browser, desktop);
  await page.goto(`${server.origin}/en/book#professional`);
  await page.getByTestId('purpose-case').click();
  await page.getByTestId('slot').nth(1).click();
  await page.getByTestId('series-3').click();
  await page.getByTestId('book-confirm').click();
  await expect.poll(() => page.locator('[data-testid=ticket][data-state=planned]').count()).toBe(3);
  expect(complaints).toEqual([]);
}, 90_000);

test('when the lead has moved a time, that is the first thing its holder reads; then when it is cancelled', async () => {
  const { page } = await aPage(browser, phone);
  await page.goto(`${server.origin}/book#parent`);
  await page.getByTestId('slot').first().click();
  await page.getByTestId('book-confirm').click();
  await page.locator('[data-testid=ticket][data-state=planned]').waitFor();

  const lead = await aLead(server);
  const { counsellors } = await valueOf(lead.ask(seePlan, {}));
  /** Taken over by a colleague, or cancelled by the house. */
  const isAway = async (name: string, isTakenOver: boolean) => {
    const account = counsellors.find((one) => one.name === name)?.account ?? '';
    const span = { account, from: Date.now(), until: Date.now() + 7 * day };
    const { moves } = await valueOf(lead.ask(proposeMoves, span));
    const wanted = moves.map(({ booking, to }) => ({
      booking: booking.booking,
      slot: isTakenOver ? (to?.slot ?? null) : null
    }));
    return valueOf(lead.ask(moveBookings, { ...span, moves: wanted }));
  };
  expect((await isAway('Sofie', true)).moved).toBeGreaterThan(0);
  await page.reload();
  await page.locator('[data-testid=ticket][data-state=moved-by-us]').waitFor();
  const says = page.getByTestId('ticket').getByRole('status').first();
  expect(await says.textContent()).toContain('Vi har flyttet din tid');
  expect(await page.getByTestId('ticket').textContent()).toContain('Mikkel');

  expect((await isAway('Mikkel', false)).cancelled).toBeGreaterThan(0);
  await page.reload();
  await page.locator('[data-testid=ticket][data-state=cancelled-by-us]').waitFor();
  expect(await says.textContent()).toContain('Vi måtte aflyse din tid');
}, 90_000);
