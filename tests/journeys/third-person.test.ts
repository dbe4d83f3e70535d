import { afterEach, describe, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage } from '#tests/support/browser.ts';
import { whileGood } from '#tests/support/while-good.ts';
import {
  agreeOnLink,
  areThere,
  hasHeard,
  hasHeardLast,
  openLink,
  propose,
  threeWhoTalk,
  twoWhoTalk,
  type InConversation
} from '#tests/roster/people.ts';

const { browser, server } = await browserAndServer();
const nobodyIsThere = () => Promise.all(browser.contexts().map((context) => context.close()));

describe('a conversation to which others come', () => {
  const pair = whileGood(async () => {
    const guests: InConversation[] = [];
    return { ...(await twoWhoTalk(browser, server)), guests };
  }, nobodyIsThere);

  /** The link both are shown; they agree on one where there is none. */
  const link = async () => {
    const { young, desk } = await pair.get();
    const shown = young.page.getByTestId('invite-link');
    return (await shown.count()) > 0
      ? ((await shown.textContent()) ?? '')
      : agreeOnLink(young.page, desk.page);
  };
  /** The two, and who is with them or comes now. */
  const three = async (name = 'Mor') => {
    const { young, desk, guests } = await pair.get();
    const [here] = guests;
    const third = here ?? (await openLink(browser, await link(), name));
    if (!here) guests.push(third);
    await third.talk.isState('open');
    return { young, desk, third };
  };

  test('nothing happens before both have agreed, and a no changes nothing', async () => {
    const { young, desk } = await pair.get();
    // The young person asks; the counsellor says not now.
    await propose(young.page);
    await desk.page.getByTestId('third-decline').click();
    await young.page.locator('[data-testid=note][data-kind=declined]').waitFor();
    // The counsellor asks, and takes it back before there is an answer.
    await propose(desk.page, 'interpreter');
    await young.page.getByTestId('third-agree').waitFor();
    await desk.page.getByTestId('third-take-back').click();
    await expect.poll(() => young.page.getByTestId('third-agree').count()).toBe(0);
    for (const { page } of [young, desk]) {
      expect(await page.getByTestId('invite-link').count()).toBe(0);
      expect(await page.getByTestId('roster').count()).toBe(0);
    }
    await young.talk.say('vi fortsætter');
    await desk.talk.hasHeardLast('vi fortsætter');
    // The counsellor can say yes as well.
    await propose(young.page);
    await desk.page.getByTestId('third-agree').click();
    await young.page.getByTestId('invite-link').waitFor();
  }, 90_000);

  test('with another secret the link lets nobody in', async () => {
    const { desk } = await pair.get();
    const url = await link();
    const forged = url.replace(/(?<=invitation=)./, (letter) => (letter === 'A' ? 'B' : 'A'));
    const stranger = await openLink(browser, forged, 'Ingen');
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(await stranger.page.getByTestId('conversation').count()).toBe(0);
    expect(await desk.page.getByTestId('roster').count()).toBe(0);
    await stranger.context.close();
  }, 90_000);

  test('a link works once, shows nothing of before, and sends nothing before somebody enters', async () => {
    const { young, desk } = await pair.get();
    await young.talk.say('det her er mellem os to');
    await desk.talk.hasHeardLast('det her er mellem os to');
    const url = await link();

    const looks = await aPage(browser);
    const sockets: string[] = [];
    looks.page.on('websocket', (socket) => sockets.push(socket.url()));
    await looks.page.goto(url);
    await looks.page.getByTestId('third-welcome').waitFor();
    expect(looks.page.url()).not.toContain('invitation');
    expect(await looks.page.evaluate(() => history.length)).toBe(2);
    expect(sockets).toEqual([]);

    const third = await openLink(browser, url);
    await third.talk.isState('open');
    (await pair.get()).guests.push(third);
    for (const { page } of [young, desk, third]) await areThere(page, 3);
    await young.talk.say('nu er vi tre');
    await hasHeard(third.page, 'third', ['Den, der skrev først: nu er vi tre']);
    expect(await third.page.locator('body').innerText()).not.toContain('mellem os to');

    await looks.page.getByTestId('third-enter').click();
    await looks.page.locator('[data-refusal=used-invitation]').waitFor();
    await third.talk.say('jeg er her stadig');
    await hasHeardLast(desk.page, 'third', ['Mor: jeg er her stadig']);
  }, 90_000);

  test('who writes is seen, and what each writes arrives once and in order', async () => {
    const { young, desk, third } = await three();
    const rounds = Array.from({ length: 8 }, (_, round) => round);
    for (const round of rounds) {
      await young.talk.say(`ung ${round}`);
      await third.talk.say(`mor ${round}`);
      await desk.talk.say(`mikkel ${round}`);
    }
    const all = (who: string, word: string) => rounds.map((round) => `${who}: ${word} ${round}`);
    await hasHeardLast(young.page, 'third', all('Mor', 'mor'));
    await hasHeardLast(young.page, 'other', all('Mikkel', 'mikkel'));
    await hasHeardLast(desk.page, 'third', all('Mor', 'mor'));
    await hasHeardLast(desk.page, 'other', all('Ung, under 18', 'ung'));
    await hasHeardLast(third.page, 'other', all('Mikkel', 'mikkel'));
    await hasHeardLast(third.page, 'third', all('Den, der skrev først', 'ung'));

    await Promise.all([
      third.page.getByTestId('composer').pressSequentially('jeg tænker på det', { delay: 300 }),
      ...[young, desk].map(({ page }) => page.locator('p.typing').waitFor())
    ]);
  }, 120_000);

  test('the counsellor asks the third to go: all see it, and nothing more is theirs to read', async () => {
    const { young, desk, third } = await three();
    await desk.page.getByTestId('remove-third').click();
    await desk.page.getByTestId('remove-confirm').click();
    await third.talk.isState('ended');
    (await pair.get()).guests.pop();
    await third.page.getByText('Du er ikke længere med').waitFor();
    for (const { page } of [young, desk])
      await page.locator('[data-testid=note][data-kind=removed]').waitFor();
    await young.talk.say('kun til Mikkel');
    await desk.talk.hasHeardLast('kun til Mikkel');
    expect(await third.page.locator('body').innerText()).not.toContain('kun til Mikkel');
    // Somebody else can come after that.
    const { third: next } = await three('Far');
    for (const { page } of [young, desk, next]) await areThere(page, 3);
  }, 120_000);

  test('the third leaves: the others see it and go on', async () => {
    const { young, desk, third } = await three();
    await third.page.getByTestId('end-conversation').click();
    await third.page.getByTestId('end-confirm').click();
    await third.talk.isState('ended');
    (await pair.get()).guests.pop();
    for (const { page } of [young, desk]) {
      await page.locator('[data-testid=note][data-kind=left]').last().waitFor();
      await areThere(page, 2);
    }
    await young.talk.say('så er vi to igen');
    await desk.talk.hasHeardLast('så er vi to igen');
    await expect
      .poll(() => young.page.locator('[data-from=me]:not([data-delivered])').count())
      .toBe(0);
    expect(await third.page.evaluate(() => sessionStorage.length)).toBe(0);
  }, 90_000);

  test('both agree, a parent comes by the link, and the three talk', async () => {
    const { young, desk } = await pair.get();
    await young.talk.say('jeg vil gerne have min mor med');
    await desk.talk.hasHeardLast('jeg vil gerne have min mor med');
    await desk.talk.say('Det kan vi godt.');
    await young.talk.hasHeardLast('Det kan vi godt.');

    const url = await agreeOnLink(young.page, desk.page);
    expect(url).toMatch(new RegExp(`^${server.origin}/chat#invitation=[\\w-]{43}\\.[\\w-]{102}$`));
    const third = await openLink(browser, url);
    await third.talk.isState('open');
    (await pair.get()).guests.push(third);
    expect(third.page.url()).toBe(`${server.origin}/chat`);
    for (const { page } of [young, desk, third]) await areThere(page, 3);
    // The link has done its work.
    for (const { page } of [young, desk])
      await expect.poll(() => page.getByTestId('invite-link').count()).toBe(0);

    await third.talk.say('hej, det er mor');
    await young.talk.say('hej mor');
    await desk.talk.say('Velkommen.');
    await hasHeard(third.page, 'other', ['Mikkel: Velkommen.']);
    await hasHeard(third.page, 'third', ['Den, der skrev først: hej mor']);
    await hasHeardLast(young.page, 'other', ['Mikkel: Det kan vi godt.', 'Mikkel: Velkommen.']);
    await hasHeardLast(young.page, 'third', ['Mor: hej, det er mor']);
    await hasHeardLast(desk.page, 'third', ['Mor: hej, det er mor']);
    expect(await third.talk.messages('me')).toEqual(['hej, det er mor']);
    // Each own message has reached both others.
    for (const { page } of [young, desk, third])
      await expect
        .poll(() =>
          page.locator('[data-testid=message][data-from=me]:not([data-delivered])').count()
        )
        .toBe(0);
    for (const one of [young, desk, third]) expect(one.complaints).toEqual([]);
  }, 90_000);
});

test.each([
  ['of nothing', '#invitation='],
  ['cut off', `#invitation=${'A'.repeat(43)}`],
  ['with letters that are none', `#invitation=${'æ'.repeat(43)}.${'A'.repeat(99)}`]
])(
  'a link %s says so',
  async (_, fragment) => {
    const { page } = await aPage(browser);
    await page.goto(`${server.origin}/chat${fragment}`);
    await page.locator('[data-refusal=bad-link]').waitFor();
  },
  60_000
);

describe('the end', () => {
  afterEach(nobodyIsThere);

  test.each(['young', 'desk'] as const)(
    'ended by %s it is over for all, and nothing is kept',
    async (who) => {
      const people = await threeWhoTalk(browser, server);
      await people[who].page.getByTestId('end-conversation').click();
      await people[who].page.getByTestId('end-confirm').click();
      for (const { talk } of [people.young, people.desk, people.third]) await talk.isState('ended');
      for (const { page } of [people.young, people.desk, people.third])
        expect(
          await page.evaluate(() =>
            Object.keys(sessionStorage).filter((key) => /^frirum(-pair)?:/.test(key))
          )
        ).toEqual([]);
    },
    90_000
  );

  test('the young person leaves in a hurry: nobody goes on in the room', async () => {
    const { young, desk, third } = await threeWhoTalk(browser, server);
    await young.context.route(/dmi\.dk/, (route) => route.fulfill({ body: 'vejret' }));
    await young.page.getByTestId('leave-now').click();
    await young.page.waitForURL(/dmi\.dk/);
    await desk.talk.isState('interrupted');
    await third.talk.isState('interrupted');
  }, 90_000);
});
