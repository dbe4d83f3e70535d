import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, takeNext, Talk } from '#tests/support/journey.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { areThere, hasHeard, threeWhoTalk, twoWhoTalk } from '#tests/roster/people.ts';

let browser: Browser;
let server: ServerProcess;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  // The third conversation is the last one on the card.
  server = await ServerProcess.start({ FRIRUM_LIMIT: '3' });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.remove();
});

/** The counsellor picks the colleague, and the young person has said yes or no. */
async function askFor(desk: Page, young: Page, how: 'hand-over' | 'second', yes = true) {
  if (how === 'hand-over') await desk.getByTestId('hand-over').click();
  else {
    await desk.getByTestId('invite-third').click();
    await desk.getByTestId('propose-counsellor').click();
  }
  await desk.getByTestId('pick-colleague').filter({ hasText: 'Sofie' }).click();
  await young.getByText('Sofie', { exact: false }).first().waitFor();
  await young.getByTestId(yes ? 'third-agree' : 'third-decline').click();
}

/** From now on this page's keys take 300 ms to open what arrives. */
function openSlowly(): void {
  // oxlint-disable-next-line typescript/unbound-method
  const post: (message: unknown) => void = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message: { ask: string }) {
    setTimeout(() => post.call(this, message), message.ask === 'receive' ? 300 : 0);
  };
}

test('handed over: the young person agrees, nobody lets go before the other has written', async () => {
  const { young, desk } = await twoWhoTalk(browser, server);
  await young.talk.say('det handler om skolen');
  await desk.talk.hasHeard(['det handler om skolen']);
  await desk.talk.say('Min kollega Sofie ved mere om det.');
  await young.talk.hasHeard(['Min kollega Sofie ved mere om det.']);
  const sofie = await aCounsellorAtTheDesk(browser, server, 'sofie');

  await askFor(desk.page, young.page, 'hand-over', false);
  await desk.page.locator('[data-testid=note][data-kind=declined]').waitFor();
  expect(await sofie.page.getByTestId('offer').count()).toBe(0);

  await askFor(desk.page, young.page, 'hand-over');
  await sofie.page.getByTestId('offer-accept').click();
  await sofie.talk.isState('open');
  for (const { page } of [young, desk, sofie]) await areThere(page, 3);
  const letGo = desk.page.getByTestId('let-go');
  expect(await letGo.isDisabled()).toBe(true);

  await sofie.talk.say('Hej, jeg hedder Sofie.');
  await hasHeard(young.page, 'other', [
    'Mikkel: Min kollega Sofie ved mere om det.',
    'Sofie: Hej, jeg hedder Sofie.'
  ]);
  await young.talk.say('hej sofie');
  await sofie.talk.hasHeard(['hej sofie']);
  expect(await sofie.page.locator('body').innerText()).not.toContain('det handler om skolen');

  await expect.poll(() => letGo.isDisabled()).toBe(false);
  // A slow phone: the goodbye is still being opened when it is known who leaves.
  await young.page.evaluate(openSlowly);
  await letGo.click();
  await desk.talk.isState('ended');
  await desk.page.getByText('Du har givet samtalen videre').waitFor();
  // While it said goodbye, nobody left the page that let go.
  expect(await desk.page.locator('[data-testid=note][data-kind=left]').count()).toBe(0);
  for (const { page } of [young, sofie]) {
    await page.locator('[data-testid=note][data-kind=left]').waitFor();
    await areThere(page, 2);
  }
  await young.talk.say('nu er det os to');
  await sofie.talk.hasHeard(['hej sofie', 'nu er det os to']);
  await sofie.talk.say('Ja.');
  await expect.poll(() => young.talk.messages('other')).toContain('Ja.');

  // Whoever goes on reloads, and ends it.
  for (const one of [young, sofie]) {
    await one.page.reload();
    await one.talk.isState('open');
  }
  await young.talk.say('stadig her');
  await expect.poll(() => sofie.talk.messages('other')).toContain('stadig her');
  await sofie.page.getByTestId('end-conversation').click();
  await sofie.page.getByTestId('end-confirm').click();
  await young.talk.isState('ended');
}, 150_000);

test('a colleague who says no, or is not asked any more', async () => {
  const { young, desk } = await twoWhoTalk(browser, server);
  const sofie = await aCounsellorAtTheDesk(browser, server, 'sofie');
  await askFor(desk.page, young.page, 'second');
  await sofie.page.getByTestId('offer-refuse').click();
  await desk.page.locator('[data-testid=note][data-kind=no-answer]').waitFor();
  await askFor(desk.page, young.page, 'second');
  await sofie.page.getByTestId('offer').waitFor();
  await desk.page.getByTestId('third-take-back').click();
  await expect.poll(() => sofie.page.getByTestId('offer').count()).toBe(0);
  await askFor(desk.page, young.page, 'second');
  await sofie.page.getByTestId('offer').waitFor();
  await young.page.getByTestId('end-conversation').click();
  await young.page.getByTestId('end-confirm').click();
  await expect.poll(() => sofie.page.getByTestId('offer').count(), { timeout: 10_000 }).toBe(0);
}, 120_000);

test('the decision of the last conversation is made with the counsellor who took over', async () => {
  const first = await twoWhoTalk(browser, server);
  const { page } = first.young;
  const young = new Talk(page.locator('body'));
  const card = page.locator('[data-testid=card]').first();
  const atDesk = () => new Talk(first.desk.page.locator('[data-testid=desk-conversation]:visible'));
  for (const left of ['2', '1']) {
    await young.say(`${left} tilbage`);
    await atDesk().hasHeard([`${left} tilbage`]);
    await atDesk().say('Godt.');
    await young.hasHeard(['Godt.']);
    await expect.poll(() => card.getAttribute('data-clips-left'), { timeout: 20_000 }).toBe(left);
    await page.getByTestId('end-conversation').click();
    await page.getByTestId('end-confirm').click();
    await young.isState('ended');

    await page.goto(server.origin);
    await page.getByTestId('who-young').click();
    await page.getByTestId('age-under-18').click();
    await page.getByTestId('start-chat').click();
    await page.getByTestId('queue-position').waitFor();
    await takeNext(first.desk.page);
    await young.isState('open');
    await atDesk().isState('open');
  }
  const sofie = await aCounsellorAtTheDesk(browser, server, 'sofie');
  const mikkel = first.desk.page.locator('[data-testid=desk-conversation]:visible');
  await new Talk(mikkel).isState('open');
  await mikkel.getByTestId('hand-over').click();
  await mikkel.getByTestId('pick-colleague').filter({ hasText: 'Sofie' }).click();
  await page.getByTestId('third-agree').click();
  await sofie.page.getByTestId('offer-accept').click();
  await sofie.talk.isState('open');
  await sofie.talk.say('Hej igen.');
  await expect.poll(() => young.messages('other')).toContain('Hej igen.');
  await young.say('hej');
  await sofie.talk.hasHeard(['hej']);
  await mikkel.getByTestId('let-go').click();
  await new Talk(mikkel).isState('ended');

  for (const one of [page, sofie.page])
    await one.locator('[data-testid=decision][data-due=true]:visible').waitFor();
  await page.locator('[data-testid=decision] button').first().click();
  await page.getByTestId('decision-option-inform').click();
  const sheet = sofie.page.locator('[data-testid=decision]:visible');
  await sheet.getByTestId('decision-confirm').waitFor();
  await new Promise((resolve) => setTimeout(resolve, 800));
  await page.getByTestId('decision-confirm').click();
  await sheet.getByTestId('decision-confirm').click();
  await expect.poll(() => card.getAttribute('data-stage'), { timeout: 30_000 }).toBe('decided');
}, 180_000);

test('a parent is there as well: all four know each other, and three go on', async () => {
  const { young, desk, third } = await threeWhoTalk(browser, server);
  const sofie = await aCounsellorAtTheDesk(browser, server, 'sofie');
  await askFor(desk.page, young.page, 'hand-over');
  await sofie.page.getByTestId('offer-accept').click();
  for (const { page } of [young, desk, third, sofie]) await areThere(page, 4);
  await sofie.talk.say('Hej alle.');
  await hasHeard(young.page, 'other', ['Sofie: Hej alle.']);
  await hasHeard(third.page, 'other', ['Sofie: Hej alle.']);
  await hasHeard(desk.page, 'third', ['Sofie: Hej alle.']);
  await desk.page.getByTestId('let-go').click();
  await desk.talk.isState('ended');
  for (const { page } of [young, third, sofie]) await areThere(page, 3);
  await third.talk.say('hej sofie');
  await young.talk.say('vi er her');
  await hasHeard(sofie.page, 'third', ['Mor: hej sofie']);
  await sofie.talk.hasHeard(['vi er her']);
  // Who goes on leads: she can ask somebody to go.
  await sofie.page.getByTestId('remove-third').click();
  await sofie.page.getByTestId('remove-confirm').click();
  await third.talk.isState('ended');
  for (const { page } of [young, sofie]) await areThere(page, 2);
}, 120_000);
