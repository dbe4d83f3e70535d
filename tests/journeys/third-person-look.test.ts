import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aPage } from '#tests/support/browser.ts';
import { expectDialogReturns } from '#tests/support/dialogs.ts';
import { aCounsellorAtTheDesk } from '#tests/support/journey.ts';
import { agreeOnLink, areThere, openLink, propose, twoWhoTalk } from '#tests/roster/people.ts';

const { browser, server } = await browserAndServer({ newHouse: true });

async function barsNobody(page: Page): Promise<void> {
  await expectNoBarrier(page);
  expect((await sideways(page)).wide).toEqual([]);
}

/** What is asked in front of everything else. */
async function asksPlainly(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
    const { violations, passes } = await new AxeBuilder({ page }).include('dialog[open]').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    expect(passes.length).toBeGreaterThan(5);
  }
}

test('nothing about a third person bars anybody, by day and by night', async () => {
  const { young, desk } = await twoWhoTalk(browser, server);
  const invite = desk.page.getByTestId('invite-third');
  await expectDialogReturns(desk.page, invite);
  await invite.click();
  await desk.page.getByTestId('propose-parent').waitFor();
  await asksPlainly(desk.page);
  await desk.page.keyboard.press('Escape');
  await propose(desk.page);
  await young.page.getByTestId('third-agree').waitFor();
  await barsNobody(young.page);
  await barsNobody(desk.page);
  await desk.page.getByTestId('third-take-back').click();
  const link = await agreeOnLink(young.page, desk.page);
  await barsNobody(young.page);
  await barsNobody(desk.page);

  const narrow = await aPage(browser, { viewport: { width: 320, height: 568 } });
  await narrow.page.goto(link);
  await narrow.page.getByTestId('third-welcome').waitFor();
  await barsNobody(narrow.page);
  await narrow.context.close();

  const third = await openLink(
    browser,
    link,
    'En tante med et meget langt navn fra Vesthimmerland'
  );
  for (const { page } of [young, desk, third]) await areThere(page, 3);
  await third.talk.say('hej');
  for (const { page } of [young, desk, third]) await barsNobody(page);
  await expectDialogReturns(desk.page, desk.page.getByTestId('remove-third'));
  await desk.page.getByTestId('remove-third').click();
  await asksPlainly(desk.page);
  await desk.page.keyboard.press('Escape');

  const sofie = await aCounsellorAtTheDesk(browser, server, 'sofie');
  await desk.page.getByTestId('hand-over').click();
  await desk.page.getByTestId('pick-colleague').waitFor();
  await asksPlainly(desk.page);
  await desk.page.getByTestId('pick-colleague').click();
  await young.page.getByTestId('third-agree').click();
  await sofie.page.getByTestId('offer').waitFor();
  await barsNobody(sofie.page);
  await sofie.page.getByTestId('offer-accept').click();
  await desk.page.getByTestId('hand-over-waits').waitFor();
  await barsNobody(desk.page);
  await third.page.getByTestId('end-conversation').click();
  await asksPlainly(third.page);
  await third.page.getByTestId('end-confirm').click();
  await third.talk.isState('ended');
  await barsNobody(third.page);
}, 150_000);
