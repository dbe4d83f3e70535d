import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { waitingMessages } from '#shared/booking/message-calls.ts';
import { writeMessageCode, readMessageCode } from '#shared/message/written-code.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aPage, browserArguments, desktop, wholeChromium, phone } from '#tests/support/browser.ts';
import { aCanary, search, searchBytes, type Haystack } from '#tests/support/canary.ts';
import { filesIn, output } from '#tests/support/haystacks.ts';
import { readsMessages, writesToTheTeam } from '#tests/support/letter.ts';
import { connect, signIn, valueOf } from '#tests/support/people.ts';
import { aReader } from '#tests/support/reader.ts';

const exit = 'https://www.dmi.dk/';
const { browser, server } = await browserAndServer({
  settings: { FRIRUM_EXIT_URL: exit },
  everybodyLeaves: true
});

/** Everything that passes on this page's lines. */
function frames(page: Page): Haystack[] {
  const passed: Haystack[] = [];
  page.on('websocket', (socket) => {
    const note = ({ payload }: { payload: string | Buffer }) =>
      passed.push({ where: `frame ${passed.length}`, bytes: Buffer.from(payload) });
    socket.on('framesent', note);
    socket.on('framereceived', note);
  });
  return passed;
}

async function looksWith(page: Page, code: string): Promise<void> {
  await page.goto(`${server.origin}/write`);
  await page.getByTestId('message-have-code').locator('summary').click();
  await page.getByTestId('message-code-typed').fill(code);
  await page.getByTestId('message-look').click();
}

const stands = (page: Page, state: string) =>
  page.locator(`[data-testid=message-answer][data-state=${state}]`).first().waitFor();

test('while nobody is vouched for nothing can be written', async () => {
  const { page } = await aPage(browser, phone);
  await page.goto(`${server.origin}/write`);
  await page.getByTestId('message-cannot').waitFor();
  expect(await page.getByTestId('message-text').count()).toBe(0);
  await expectNoBarrier(page);
});

test('the closed door, the chat without anybody and /book lead here', async () => {
  const { page } = await aPage(browser, phone);
  await page.goto(server.origin);
  await page.locator('a[href="/write"]').click();
  await page.waitForURL('**/write');
  await page.goto(`${server.origin}/chat#parent`);
  await page.getByTestId('start-chat').click();
  await page.getByTestId('message-link').click();
  await page.waitForURL('**/write');
  await page.goto(`${server.origin}/book`);
  await page.locator('footer a[href="/write"]').click();
  await page.waitForURL('**/write');
}, 60_000);

test('a message is read by the team alone, and its answer by whoever has the code', async () => {
  const reader = await aReader(server);
  const words = aCanary('the words');
  const reply = aCanary('the answer', 'danish');
  const profile = mkdtempSync(join(tmpdir(), 'frirum-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: wholeChromium,
    args: browserArguments,
    locale: 'da-DK',
    ...phone
  });
  const page = context.pages()[0] ?? (await context.newPage());
  await context.route(`${exit}**`, (route) => route.fulfill({ body: 'Vejret' }));
  const passed = frames(page);
  await page.goto(`${server.origin}/write`);
  const code = await writesToTheTeam(page, `Jeg kan ikke sove. ${words.text}`);
  expect(code).toMatch(/^([0-9A-Z]{5} ){5}[0-9A-Z]{5}$/);
  await expectNoBarrier(page);
  expect(
    await page.evaluate(() => [localStorage.length, sessionStorage.length]),
    'nothing is kept unless it is asked for'
  ).toEqual([0, 0]);
  await page.getByTestId('message-done').click();
  await page.locator('main[data-step=done]').waitFor();
  expect(await page.content()).not.toContain(code.slice(0, 5));

  // Another device, before there is an answer.
  const other = await aPage(browser, desktop);
  const passedThere = frames(other.page);
  await looksWith(other.page, code.toLowerCase().replaceAll('0', 'o'));
  await stands(other.page, 'waiting');
  await expectNoBarrier(other.page);

  const [waiting] = await readsMessages(reader);
  expect(waiting?.letter).toEqual({
    visitor: { kind: 'young', age: 'under-18', language: 'da' },
    text: `Jeg kan ikke sove. ${words.text}`
  });
  await waiting?.answer(`Godt, at du skrev. ${reply.text}\nKom kl. 15.`);
  expect(await readsMessages(reader)).toEqual([]);

  await other.page.getByTestId('message-look-again').click();
  await stands(other.page, 'answered');
  expect(await other.page.getByTestId('message-answer-text').textContent()).toBe(
    `Godt, at du skrev. ${reply.text}\nKom kl. 15.`
  );
  await expectNoBarrier(other.page);

  await page.getByTestId('leave-now').click();
  await page.waitForURL(exit);
  await context.close();
  const secret = readMessageCode(code);
  if (!secret.ok) throw new Error(secret.refusal);
  const sought = { name: 'the code', text: code.replaceAll(' ', '') };
  const grouped = { name: 'the code in groups', text: code };
  const everything = [
    ...passed,
    ...passedThere,
    ...filesIn(server.data),
    ...filesIn(profile),
    output(server.output)
  ];
  expect(passed.length).toBeGreaterThan(5);
  expect(search([words, reply, sought, grouped], everything)).toEqual([]);
  expect(searchBytes('the secret', Buffer.from(secret.secret), everything)).toEqual([]);
  rmSync(profile, { recursive: true, force: true });

  // Read, it is gone at once, for whoever else has the code.
  await other.page.getByTestId('message-read').click();
  await stands(other.page, 'deleted');
  const third = await aPage(browser, phone);
  await looksWith(third.page, code);
  await third.page.locator('[data-refusal=unknown-code]').waitFor();
  await expectNoBarrier(third.page);
  expect([...other.complaints, ...third.complaints]).toEqual([]);
}, 150_000);

test('kept on the device it is there by itself, and leaving takes it along', async () => {
  await aReader(server);
  const { context, page } = await aPage(browser, phone);
  await context.route(`${exit}**`, (route) => route.fulfill({ body: 'Vejret' }));
  await page.goto(`${server.origin}/write`);
  await writesToTheTeam(page, 'Er der nogen?');
  await page.getByTestId('message-keep').click();
  await page.getByTestId('message-done').click();
  await page.reload();
  await stands(page, 'waiting');
  await page.getByTestId('leave-now').click();
  await page.waitForURL(exit);
  await page.goto(`${server.origin}/write`);
  await page.getByTestId('message-text').waitFor();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
}, 60_000);

test('a send that fails loses nothing, and is one message when it comes through', async () => {
  await aReader(server);
  const waiting = async () => {
    const desk = await connect(server, { cookie: await signIn(server, 'sofie'), as: 'staff' });
    const { messages } = await valueOf(desk.ask(waitingMessages, {}));
    desk.leave();
    return messages.length;
  };
  const before = await waiting();
  const { page } = await aPage(browser, phone);
  await page.goto(`${server.origin}/write`);
  await page.getByTestId('who-parent').click();
  await page.getByTestId('message-text').fill('Min søn svarer ikke.');
  await server.kill();
  await page.getByTestId('message-send').click();
  await page.locator('[data-refusal=line-down]').waitFor();
  expect(await page.getByTestId('message-text').inputValue()).toBe('Min søn svarer ikke.');
  await server.start();
  const code = page.getByTestId('message-code');
  await expect
    .poll(
      async () => {
        if (!(await code.isVisible())) await page.getByTestId('message-send').click();
        return code.isVisible();
      },
      { timeout: 20_000, interval: 700 }
    )
    .toBe(true);
  expect(await waiting()).toBe(before + 1);
}, 60_000);

test('what is too long is not sent, and a wrong code is said kindly', async () => {
  await aReader(server);
  const { page } = await aPage(browser, { viewport: { width: 320, height: 568 } });
  await page.goto(`${server.origin}/write`);
  await page.getByTestId('who-professional').click();
  await page.getByTestId('message-text').fill('æ'.repeat(2001));
  await page.getByText('tegn for langt').waitFor();
  expect(await page.getByTestId('message-send').isDisabled()).toBe(true);
  await page.getByTestId('message-text').fill('Kort');
  expect(await page.getByTestId('message-send').isDisabled()).toBe(false);
  expect(await sideways(page)).toEqual({ page: 0, wide: [] });

  page.on('dialog', (dialog) => void dialog.accept());
  await looksWith(page, 'ABCDE 12345');
  await page.locator('[data-refusal=wrong-length]').waitFor();
  await page.getByTestId('message-code-typed').fill(writeMessageCode(new Uint8Array(17).fill(7)));
  await page.getByTestId('message-look').click();
  await page.locator('[data-refusal=unknown-code]').waitFor();
}, 60_000);
