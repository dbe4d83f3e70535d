import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { teamRecipients, waitingMessages } from '#shared/booking/message-calls.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aPage, browserArguments, desktop, wholeChromium, phone } from '#tests/support/browser.ts';
import { aCanary, search } from '#tests/support/canary.ts';
import { expectDialogReturns } from '#tests/support/dialogs.ts';
import { filesIn } from '#tests/support/haystacks.ts';
import { writesToTheTeam } from '#tests/support/letter.ts';
import { aVisitor, connect, signIn, valueOf } from '#tests/support/people.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });

async function atTheDesk(page: Page, name: string): Promise<void> {
  await page.goto(`${server.origin}/desk`);
  await page.getByTestId('sign-in-name').fill(name);
  await page.getByTestId('sign-in-password').fill(server.password(name));
  await page.getByTestId('sign-in-submit').click();
  await page.locator('.desk').waitFor();
}

/** Waits until so many devices can be sealed to. */
async function areReaders(many: number): Promise<void> {
  const anybody = await aVisitor(server);
  const count = async () => (await valueOf(anybody.ask(teamRecipients, {}))).recipients.length;
  await expect.poll(count, { timeout: 20_000 }).toBe(many);
  anybody.leave();
}

async function writes(text: string): Promise<{ page: Page; code: string }> {
  const { page } = await aPage(browser, phone);
  await page.goto(`${server.origin}/write`);
  return { page, code: await writesToTheTeam(page, text) };
}

/** The list looks again when somebody comes back to the line; here the page is opened anew. */
const counts = (page: Page, many: number) =>
  page.locator(`[data-testid=messages][data-count="${many}"]`).waitFor();

test('a message is opened on the counsellor’s device, answered there, and leaves the list', async () => {
  const words = aCanary('the words');
  const reply = aCanary('the answer');
  const draft = aCanary('the draft');
  const profile = mkdtempSync(join(tmpdir(), 'frirum-desk-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: wholeChromium,
    args: browserArguments,
    locale: 'da-DK',
    ...desktop
  });
  const desk = context.pages()[0] ?? (await context.newPage());
  desk.on('dialog', (dialog) => void dialog.accept());
  await atTheDesk(desk, 'sofie');
  await counts(desk, 0);
  await areReaders(1);
  const { page, code } = await writes(`Min ven er væk. ${words.text}`);
  await desk.reload();
  await counts(desk, 1);
  const item = desk.getByTestId('message-item');
  await item.getByText('under 18').waitFor();
  expect(await item.textContent()).toContain('I dag');
  expect(await item.textContent()).not.toContain(words.text);
  await expectDialogReturns(desk, item.getByRole('button'));
  await item.getByRole('button').click();
  expect(await desk.getByTestId('message-words').textContent()).toBe(
    `Min ven er væk. ${words.text}`
  );
  await expectNoBarrier(desk);

  // Put aside, what was written stays; not on the disk.
  await desk.getByTestId('message-reply').fill(draft.text);
  await desk.keyboard.press('Escape');
  await item.getByText('Kladde').waitFor();
  await item.getByRole('button').click();
  expect(await desk.getByTestId('message-reply').inputValue()).toBe(draft.text);
  await desk.getByTestId('message-reply').fill(`Kom i morgen. ${reply.text}`);
  await desk.getByTestId('message-reply-send').click();
  await counts(desk, 0);
  await context.close();
  expect(search([words, reply, draft], filesIn(profile))).toEqual([]);
  expect(search([words, reply, draft], filesIn(server.data))).toEqual([]);
  rmSync(profile, { recursive: true, force: true });

  await page.getByTestId('message-done').click();
  await page.getByTestId('message-have-code').locator('summary').click();
  await page.getByTestId('message-code-typed').fill(code);
  await page.getByTestId('message-look').click();
  expect(await page.getByTestId('message-answer-text').textContent()).toBe(
    `Kom i morgen. ${reply.text}`
  );
}, 120_000);

test('of two who answer at once the second is told, and keeps what they wrote', async () => {
  const [first, second] = [await aPage(browser, desktop), await aPage(browser, desktop)];
  await atTheDesk(first.page, 'sofie');
  await atTheDesk(second.page, 'mikkel');
  await areReaders(2);
  const { page, code } = await writes('Hvem svarer?');
  for (const { page: desk } of [first, second]) {
    desk.on('dialog', (dialog) => void dialog.accept());
    await desk.reload();
    await desk.getByTestId('message-item').getByRole('button').click();
    await desk.getByTestId('message-reply').fill('Det gør jeg');
  }
  await first.page.getByTestId('message-reply-send').click();
  await counts(first.page, 0);
  await second.page.getByTestId('message-reply-send').click();
  await second.page.locator('[data-refusal=already-answered]').waitFor();
  expect(await second.page.getByTestId('message-reply').inputValue()).toBe('Det gør jeg');
  await expectNoBarrier(second.page);
  await second.page.getByTestId('message-reply-drop').click();
  await counts(second.page, 0);
  expect([...first.complaints, ...second.complaints]).toEqual([]);

  // Who wrote takes the next one back while it is answered.
  await page.getByTestId('message-done').click();
  expect(code).not.toBe('');
  const other = await writes('Glem det');
  await second.page.reload();
  await second.page.getByTestId('message-item').getByRole('button').click();
  await second.page.getByTestId('message-reply').fill('Nej');
  await other.page.getByTestId('message-done').click();
  await other.page.getByTestId('message-have-code').locator('summary').click();
  await other.page.getByTestId('message-code-typed').fill(other.code);
  await other.page.getByTestId('message-look').click();
  await other.page.getByTestId('message-take-back').click();
  await other.page.locator('[data-state=deleted]').first().waitFor();
  await second.page.getByTestId('message-reply-send').click();
  await second.page.locator('[data-refusal=unknown-message]').waitFor();
}, 120_000);

test('a lead has no list and no right to it; a device that came later says so', async () => {
  await writes('Kun til dem, der er her');
  const late = await aPage(browser, { viewport: { width: 320, height: 568 } });
  // A new device of a colleague: its key was not there when the message was sealed.
  await atTheDesk(late.page, 'mikkel');
  await late.page.locator('[data-testid=message-item] [data-refusal=not-for-this-key]').waitFor();
  expect(await sideways(late.page)).toEqual({ page: 0, wide: [] });

  const lead = await aPage(browser, desktop);
  await atTheDesk(lead.page, 'karen');
  await lead.page.getByTestId('house').waitFor();
  expect(await lead.page.getByTestId('messages').count()).toBe(0);
  const socket = await connect(server, { cookie: await signIn(server, 'karen'), as: 'staff' });
  expect(await socket.ask(waitingMessages, {})).toMatchObject({ ok: false });
  socket.leave();
}, 60_000);
