import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { teamRecipients } from '#shared/booking/message-calls.ts';
import { signsIn } from '#tests/support/at-the-desk.ts';
import { aPage, phone } from '#tests/support/browser.ts';
import { filesIn } from '#tests/support/haystacks.ts';
import { aVisitor, valueOf } from '#tests/support/people.ts';
import { plan } from '#tests/support/planned.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });
beforeAll(async () => {
  await plan(server, 'Mikkel');
}, 120_000);

const canary = 'kanariefuglen Zebulon synger';

/** Everything that passes between a page and the house from now on. */
function framesOf(page: Page): Buffer[] {
  const frames: Buffer[] = [];
  page.on('websocket', (socket) => {
    const note = ({ payload }: { payload: string | Buffer }) => frames.push(Buffer.from(payload));
    socket.on('framesent', note);
    socket.on('framereceived', note);
  });
  return frames;
}

const readers = async (): Promise<string[]> => {
  const visitor = await aVisitor(server);
  const { recipients } = await valueOf(visitor.ask(teamRecipients, {}));
  visitor.leave();
  return recipients.map(({ certificate }) => certificate);
};

async function booksWithNote(page: Page, note: string): Promise<void> {
  await page.goto(`${server.origin}/book#parent`);
  await page.getByTestId('slot').first().click();
  await page.getByTestId('book-note-open').click();
  await page.getByTestId('book-note').fill(note);
  await page.getByTestId('book-confirm').click();
  await page.locator('[data-testid=ticket][data-state=planned]').waitFor();
}

test('a note is opened on the counsellor’s device: not by a lead, a colleague, a new device, the house or who steals it', async () => {
  expect(await readers()).toEqual([]);
  const desk = await signsIn(browser, server, 'mikkel');
  const deskFrames = framesOf(desk.page);
  await expect.poll(readers, { timeout: 20_000 }).toHaveLength(1);
  const [first] = await readers();

  const visitor = await aPage(browser, phone);
  const frames = framesOf(visitor.page);
  await booksWithNote(visitor.page, canary);
  await desk.page.reload();
  await desk.page.getByTestId('day-note').click();
  const text = desk.page.getByTestId('day-note-text');
  expect(await text.textContent()).toBe(canary);
  await desk.page.getByTestId('day-note').click();
  await text.waitFor({ state: 'detached' });
  // The same key after a reload: the house was not told of another one.
  expect(await readers()).toEqual([first]);

  const kept = await desk.page.evaluate(
    () =>
      new Promise<{ extractable: boolean; text: string }>((resolve) => {
        const opening = indexedDB.open('frirum-note-key');
        opening.onsuccess = () => {
          const got = opening.result
            .transaction('identity')
            .objectStore('identity')
            .get('counsellor');
          got.onsuccess = () => {
            const { key, closed } = got.result as { key: CryptoKey; closed: Uint8Array };
            const text = new TextDecoder('latin1').decode(closed);
            resolve({ extractable: key.extractable, text });
          };
        };
      })
  );
  expect(kept.extractable).toBe(false);
  expect(kept.text.length).toBeGreaterThan(50);
  expect(kept.text.toUpperCase()).not.toContain('AGE-SECRET');

  const lead = await signsIn(browser, server, 'karen');
  await lead.page.getByTestId('day-booking').waitFor();
  expect(await lead.page.getByTestId('day-note').count()).toBe(0);
  expect(await lead.page.getByTestId('day-took-place').count()).toBe(0);

  const colleague = await signsIn(browser, server, 'sofie');
  await colleague.page.getByTestId('day-none').waitFor();
  expect(await colleague.page.getByTestId('day-booking').count()).toBe(0);

  const other = await signsIn(browser, server, 'mikkel');
  await other.page.getByTestId('day-note').click();
  await other.page.locator('[data-refusal="not-for-this-key"]').waitFor();
  // What is written from now on is for the device that was signed in with last.
  await expect.poll(readers, { timeout: 20_000 }).not.toContain(first);
  await visitor.page.reload();
  await visitor.page.getByTestId('ticket-note').locator('summary').click();
  await visitor.page.getByTestId('book-note-open').click();
  await visitor.page.getByTestId('book-note').fill(`${canary} igen`);
  await visitor.page.getByTestId('ticket-note-send').click();
  await visitor.page.getByText('Det er sendt.').waitFor();
  await other.page.getByTestId('day-note').click();
  await other.page.getByTestId('day-note-text').waitFor();
  expect(await other.page.getByTestId('day-note-text').textContent()).toBe(`${canary} igen`);

  const files = filesIn(server.data);
  for (const { where, bytes } of [
    ...[...frames, ...deskFrames].map((bytes, at) => ({ where: `frame ${at}`, bytes })),
    ...files
  ])
    expect(bytes.includes(canary), where).toBe(false);
  // The scan can see: the sealed note passed here, and the words for the door.
  expect(frames.some((frame) => frame.includes('age1pq1'))).toBe(true);
  expect(deskFrames.length).toBeGreaterThan(5);
  expect([...desk.complaints, ...other.complaints, ...visitor.complaints]).toEqual([]);
}, 180_000);
