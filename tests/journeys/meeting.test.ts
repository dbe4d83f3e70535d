import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { teamRecipients } from '#shared/booking/message-calls.ts';
import { readSeatLink } from '#shared/meeting/link.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aPage, desktop, phone } from '#tests/support/browser.ts';
import { aCanary, search, searchBytes, type Haystack } from '#tests/support/canary.ts';
import { filesIn, output } from '#tests/support/haystacks.ts';
import { aVisitor, valueOf } from '#tests/support/people.ts';
import { plan } from '#tests/support/planned.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });
beforeAll(async () => {
  const place = { kind: 'house' as const, address: 'Skolevej 1' };
  await plan(server, 'Sofie', { offer: { purposes: ['network'], seats: 4, place } });
}, 120_000);

const passed: Haystack[] = [];
function listen(page: Page): void {
  page.on('websocket', (socket) => {
    const note = ({ payload }: { payload: string | Buffer }) =>
      passed.push({ where: `frame ${passed.length}`, bytes: Buffer.from(payload) });
    socket.on('framesent', note);
    socket.on('framereceived', note);
  });
}

/** The week of the meetings is the next one, unless today is early in the week. */
async function looksForMeetings(page: Page): Promise<void> {
  await page.getByTestId('purpose-network').click();
  const slot = page.getByTestId('slot').first();
  await slot.or(page.getByText('Ingen ledige tider her')).first().waitFor();
  if (!(await slot.isVisible())) await page.getByTestId('week-next').click();
  await slot.waitFor();
}

async function adds(page: Page, text: string): Promise<void> {
  await page.getByTestId('agenda-text').fill(text);
  await page.getByTestId('agenda-add').click();
  await page.getByTestId('agenda-item').getByText(text).waitFor();
}

async function sofieIsAtHerDesk(): Promise<Page> {
  const { page } = await aPage(browser, desktop);
  await page.goto(`${server.origin}/desk`);
  await page.getByTestId('sign-in-name').fill('sofie');
  await page.getByTestId('sign-in-password').fill(server.password('sofie'));
  await page.getByTestId('sign-in-submit').click();
  const anybody = await aVisitor(server);
  const count = async () => (await valueOf(anybody.ask(teamRecipients, {}))).recipients.length;
  await expect.poll(count, { timeout: 20_000 }).toBe(1);
  anybody.leave();
  return page;
}

test('a mother asks for a meeting, hands on seats, and all who come say what it is to be about', async () => {
  const [hers, his] = [aCanary('hers'), aCanary('his', 'danish')];
  const desk = await sofieIsAtHerDesk();
  const mother = await aPage(browser, phone);
  await mother.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  listen(mother.page);
  await mother.page.goto(`${server.origin}/book#parent`);
  await looksForMeetings(mother.page);
  const free = await mother.page.getByTestId('slot').count();
  await mother.page.getByTestId('slot').first().click();
  await mother.page.getByTestId('book-confirm').click();
  await mother.page.locator('[data-testid=ticket][data-state=planned]').waitFor();
  await mother.page.getByTestId('ticket-meeting').click();
  await mother.page.locator('[data-testid=meeting][data-team=true]').waitFor();
  expect(await mother.page.getByTestId('booking-move').count()).toBe(0);
  await adds(mother.page, `Hvem ringer til skolen? ${hers.text}`);
  // She thinks better of it while the first choice is still being sent.
  await mother.page.evaluate(() => {
    for (const many of [4, 3])
      document.querySelector<HTMLElement>(`[data-testid=meeting-seats-${many}]`)?.click();
  });
  await expect.poll(() => mother.page.getByTestId('meeting-link').count()).toBe(2);
  const links: string[] = [];
  for (const at of [0, 1]) {
    await mother.page.getByTestId('meeting-link').nth(at).click();
    links.push(await mother.page.evaluate(() => navigator.clipboard.readText()));
  }
  expect(new Set(links).size).toBe(2);
  await expectNoBarrier(mother.page);

  const [link = ''] = links;
  const son = await aPage(browser, phone);
  listen(son.page);
  await son.page.goto(link);
  await son.page.getByTestId('who-young').click();
  // The secret does not stay in the address.
  expect(son.page.url()).toBe(`${server.origin}/meeting`);
  await son.page.getByTestId('age-under-18').click();
  await expectNoBarrier(son.page);
  await son.page.getByTestId('seat-take').click();
  await son.page.locator('[data-testid=ticket][data-state=planned]').waitFor();
  await son.page.getByTestId('agenda-item').getByText(hers.text).waitFor();
  expect(await son.page.getByTestId('meeting-seats-3').count()).toBe(0);
  await adds(son.page, `Jeg vil helst tale først. ${his.text}`);
  await son.page.reload();
  await expect.poll(() => son.page.getByTestId('agenda-item').count()).toBe(2);

  // The same link again, on somebody else's phone.
  const late = await aPage(browser, { viewport: { width: 320, height: 568 } });
  await late.page.goto(link);
  await late.page.locator('[data-refusal=seat-taken]').waitFor();
  expect(await sideways(late.page)).toEqual({ page: 0, wide: [] });
  // Nobody else comes into a meeting that somebody has asked for.
  const stranger = await aPage(browser, phone);
  await stranger.page.goto(`${server.origin}/book#parent`);
  await looksForMeetings(stranger.page);
  expect(await stranger.page.getByTestId('slot').count()).toBe(free - 1);
  // One that was cut short in a message.
  await late.page.goto(`${server.origin}/privacy`);
  await late.page.goto(link.slice(0, -10));
  await late.page.locator('[data-refusal=unknown-seat]').waitFor();

  await mother.page.reload();
  await mother.page.getByTestId('agenda-item').getByText(his.text).waitFor();
  await mother.page.getByTestId('meeting-seats-3').click();
  await mother.page.locator('[data-testid=meeting-seat][data-taken=true]').waitFor();

  await desk.reload();
  await desk.getByTestId('day-agenda').first().click();
  await expect.poll(() => desk.getByTestId('agenda-item').count()).toBe(2);
  const shown = (await desk.getByTestId('agenda').textContent()) ?? '';
  for (const { text } of [hers, his]) expect(shown).toContain(text);
  await expectNoBarrier(desk);

  const key = readSeatLink(new URL(link).hash)?.key ?? new Uint8Array(32);
  expect(passed.length).toBeGreaterThan(10);
  const everything = [...passed, ...filesIn(server.data), output(server.output)];
  expect(search([hers, his], everything)).toEqual([]);
  expect(searchBytes('the key', Buffer.from(key), everything)).toEqual([]);
  for (const { complaints } of [mother, son, late]) expect(complaints).toEqual([]);
}, 150_000);
