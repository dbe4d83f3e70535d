import { beforeAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { bookingDay, readNote } from '#shared/booking/calls.ts';
import { bookingConversation, ticketName } from '#shared/crypto/ticket.ts';
import { openNote } from '#shared/crypto/sealed-note.ts';
import { aPage, phone } from '#tests/support/browser.ts';
import { filesIn } from '#tests/support/haystacks.ts';
import { valueOf } from '#tests/support/people.ts';
import { dateAhead, plan } from '#tests/support/planned.ts';
import { aReader } from '#tests/support/reader.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });
beforeAll(async () => {
  await plan(server, 'Sofie');
}, 120_000);

const canary = 'kanariefuglen Zebulon synger';

test('while nobody is vouched for, nothing can be written, and a time can be booked all the same', async () => {
  const { page } = await aPage(browser, phone);
  await page.goto(`${server.origin}/book#parent`);
  await page.getByTestId('slot').last().click();
  await page.getByTestId('book-note-open').click();
  await page.getByText('Du kan ikke skrive her lige nu').waitFor();
  expect(await page.getByTestId('book-note').count()).toBe(0);
  await page.getByTestId('book-confirm').click();
  await page.locator('[data-testid=ticket][data-state=planned]').waitFor();
}, 90_000);

test('a note is read by the counsellor, and by nobody on the way or on the disk', async () => {
  const { desk, identity } = await aReader(server);
  const { page } = await aPage(browser, phone);
  const frames: Buffer[] = [];
  page.on('websocket', (socket) => {
    const note = ({ payload }: { payload: string | Buffer }) => frames.push(Buffer.from(payload));
    socket.on('framesent', note);
    socket.on('framereceived', note);
  });
  await page.goto(`${server.origin}/book#parent`);
  await page.getByTestId('slot').first().click();
  await page.getByTestId('book-note-open').click();
  await page.getByTestId('book-note').fill(canary);
  await page.getByTestId('book-confirm').click();
  await page.locator('[data-testid=ticket][data-state=planned]').waitFor();
  const kept = await page.evaluate(() => sessionStorage.getItem('frirum-tickets') ?? '');
  expect(kept).not.toContain(canary);
  const [{ ticket }] = JSON.parse(kept) as [{ ticket: string }];
  const secret = new Uint8Array(Buffer.from(ticket, 'base64url'));
  const id = bookingConversation(ticketName(secret));

  const { bookings } = await valueOf(desk.ask(bookingDay, { date: dateAhead(3) }));
  const { booking = '' } = bookings.find(({ hasNote }) => hasNote) ?? {};
  const read = async () => {
    const { note } = await valueOf(desk.ask(readNote, { booking }));
    const sealed = new Uint8Array(Buffer.from(note ?? '', 'base64url'));
    return openNote(sealed, identity, { purpose: 'booking', id });
  };
  expect(await read()).toEqual({ ok: true, text: canary });

  await page.getByTestId('ticket-note').locator('summary').click();
  await page.getByTestId('book-note').fill(`${canary} igen`);
  await page.getByTestId('ticket-note-send').click();
  await page.getByText('Det er sendt.').waitFor();
  expect(await read()).toEqual({ ok: true, text: `${canary} igen` });

  expect(frames.length).toBeGreaterThan(5);
  const secrets = [secret, Buffer.from(ticket)].map((bytes) => Buffer.from(bytes));
  for (const { where, bytes } of [
    ...frames.map((bytes, at) => ({ where: `frame ${at}`, bytes })),
    ...filesIn(server.data)
  ]) {
    expect(bytes.includes(canary), where).toBe(false);
    // The secret itself passes when its holder looks; it is never written down.
    if (where.startsWith('frame')) continue;
    for (const one of secrets) expect(bytes.includes(one), where).toBe(false);
  }
  // The scan can see: the ticket was shown over this very line.
  expect(frames.some((frame) => frame.includes(ticket))).toBe(true);
}, 120_000);
