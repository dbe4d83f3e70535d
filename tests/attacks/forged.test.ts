import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { createOrganisationKey } from '#shared/crypto/certificate.ts';
import { aPage, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, takeNext, Talk } from '#tests/support/journey.ts';
import { carried, withOneBitTurned } from '#tests/support/sealed-frames.ts';

const { browser, server } = await browserAndServer({ newHouse: true });

const secret = 'jeg har ikke sagt det til nogen';

/** Waits for what must not come, and sees that it does not. */
const aWhile = 1000;

/** A young person who waits and has written what they want to say; `sent` is all that leaves. */
async function aWriter(prepare: (context: BrowserContext) => Promise<unknown>) {
  const { context, page } = await aPage(browser, phone);
  const sent: (string | Buffer)[] = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(payload)));
  await prepare(context);
  await page.goto(`${server.origin}/en/chat#young`);
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  await page.getByTestId('composer').fill(secret);
  await page.getByTestId('composer').blur();
  return { page, sent, talk: new Talk(page.locator('main')) };
}

async function isTaken(): Promise<Page> {
  const { page } = await aCounsellorAtTheDesk(browser, server);
  await takeNext(page);
  return page;
}

/** Not a word, not a sealed frame, and no key that a counsellor could use. */
function expectNothingSaid(sent: readonly (string | Buffer)[], mayCarry: readonly string[]) {
  expect(sent.filter((frame) => frame.toString('utf8').includes(secret))).toEqual([]);
  const kinds = new Set(sent.map(carried).filter((kind) => kind !== null));
  expect(mayCarry).toEqual(expect.arrayContaining([...kinds]));
}

test('a counsellor certified by another organisation hears nothing', async () => {
  const { publicKey } = await createOrganisationKey();
  const other = Buffer.from(publicKey).toString('hex');
  const { page, sent, talk } = await aWriter(async (context) => {
    // Chromium does not know where a page comes from that a test has changed.
    await context.grantPermissions(['local-network-access']);
    await context.route('**/en/chat', async (route) => {
      const answer = await route.fetch();
      const html = await answer.text();
      const body = html.replace(/data-organisation="[0-9a-f]{64}"/, `data-organisation="${other}"`);
      expect(body).not.toBe(html);
      await route.fulfill({ response: answer, body });
    });
  });
  await isTaken();
  await talk.isState('interrupted');
  const words = await page.locator('main').textContent();
  expect(words).toContain('We could not tell whether it was a counsellor');
  expect(words).toContain('Nothing you wrote was sent');
  await page.waitForTimeout(aWhile);
  expectNothingSaid(sent, ['hello']);
  expect(await page.getByTestId('composer').count()).toBe(0);
}, 60_000);

describe('keys that cannot be opened', () => {
  const workers = '**/_app/immutable/workers/keys.worker-*.js';
  const ways: [string, (context: BrowserContext) => Promise<unknown>][] = [
    ['the script does not arrive', (context) => context.route(workers, (route) => route.abort())],
    [
      'the script arrives in half',
      (context) =>
        context.route(workers, async (route) => {
          const answer = await route.fetch();
          const text = await answer.text();
          await route.fulfill({ response: answer, body: text.slice(0, text.length / 2) });
        })
    ],
    [
      'wasm may not run',
      (context) =>
        context.route(workers, async (route) => {
          const answer = await route.fetch();
          const headers = answer.headers();
          const policy = headers['content-security-policy']?.replace("'wasm-unsafe-eval'", '');
          expect(policy).not.toBe(headers['content-security-policy']);
          await route.fulfill({
            response: answer,
            headers: { ...headers, 'content-security-policy': policy ?? '' }
          });
        })
    ]
  ];
  test.each(ways)(
    '%s: nothing is sent, and the words say what to do',
    async (_, block) => {
      const { page, sent, talk } = await aWriter(block);
      await isTaken();
      await talk.isState('interrupted');
      const words = await page.locator('main').textContent();
      expect(words).toContain('This phone cannot open a closed room');
      expect(words).toContain('Nothing has been sent. Try another browser');
      await page.waitForTimeout(aWhile);
      expectNothingSaid(sent, []);
    },
    60_000
  );
});

describe('a bit is turned on the way to the visitor', () => {
  /** Turns the bit in sealed frames once it was told how many; counts them. */
  async function aTamperer(context: BrowserContext) {
    const tamperer = { left: 0, turned: 0 };
    await context.routeWebSocket(/socket\.io/, (page) => {
      const house = page.connectToServer();
      page.onMessage((message) => house.send(message));
      house.onMessage((message) => {
        if (tamperer.left === 0 || typeof message === 'string' || carried(message) !== 'sealed')
          return page.send(message);
        tamperer.left -= 1;
        tamperer.turned += 1;
        page.send(withOneBitTurned(message));
      });
    });
    return tamperer;
  }

  test.each([
    ['in one frame', 1],
    ['in every frame', Infinity]
  ])(
    '%s: nothing false is shown to either',
    async (_, frames) => {
      let tamperer = { left: 0, turned: 0 };
      const { page, talk } = await aWriter(async (context) => {
        tamperer = await aTamperer(context);
      });
      const desk = await isTaken();
      const counsellor = new Talk(desk.getByTestId('desk-conversation'));
      await talk.isState('open');
      await counsellor.hasHeard([secret]);
      await counsellor.say('first');
      await talk.hasHeard(['first']);
      await desk.locator('[data-from=me][data-delivered]').waitFor();

      tamperer.left = frames;
      const meant = ['first', 'second', 'third'];
      await counsellor.say('second');
      await expect.poll(() => tamperer.turned).toBeGreaterThan(0);
      await expect
        .poll(async () => {
          const state = await talk.conversation.getAttribute('data-state');
          return state === 'interrupted' || (await talk.messages('other')).length === 2;
        })
        .toBe(true);
      // The page may lose the other while this is being written: then it is not said.
      const soon = { timeout: 2_000 };
      const says = async () => {
        await desk.getByTestId('composer').fill('third', soon);
        await desk.getByTestId('send').click(soon);
      };
      await says().catch(() => {});
      await page.waitForTimeout(aWhile);

      // What is shown is what was said, from the beginning and without a hole.
      const heard = await talk.messages('other');
      expect(heard).toEqual(meant.slice(0, heard.length));
      const delivered = await desk.locator('[data-from=me][data-delivered]').count();
      expect(delivered).toBeLessThanOrEqual(heard.length);
      if (heard.length === meant.length) return;
      for (const side of [talk, counsellor])
        expect(await side.conversation.getAttribute('data-state')).toBe('interrupted');
      expect(await page.locator('main').textContent()).toContain('We lost each other');
    },
    60_000
  );
});
