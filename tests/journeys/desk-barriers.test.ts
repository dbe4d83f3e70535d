import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { desktop } from '#tests/support/browser.ts';
import { expectDialogReturns } from '#tests/support/dialogs.ts';
import { severalAtOnce } from '#tests/support/four-at-once.ts';
import { aYoungPerson } from '#tests/support/journey.ts';

const { browser, server } = await browserAndServer();

test('four conversations at the desk bar nobody', { timeout: 180_000 }, async () => {
  const { desk, visitors } = await severalAtOnce(browser, server);
  const { page } = desk;
  const [first, second, third] = visitors;
  await first?.talk.say('hej');
  await second?.talk.say('er der nogen?');
  await third?.page.getByTestId('end-conversation').click();
  await third?.page.getByTestId('end-confirm').click();
  await second?.page.goto('about:blank');
  await aYoungPerson(browser, server);
  await page.getByTestId('away').waitFor();
  await expect.poll(() => page.getByTestId('unread').count()).toBe(2);

  await expectNoBarrier(page);
  await page.setViewportSize(desktop.viewport);
  await page.getByTestId('layout-side').click();
  await expectNoBarrier(page);
  await page.setViewportSize(desktop.viewport);
  await expectDialogReturns(page, page.getByTestId('desk-shortcuts'));
  await page.getByTestId('desk-shortcuts').click();
  await expectNoBarrier(page);
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 320, height: 568 });
  for (const pane of ['queue', 'talk', 'help']) {
    await page.getByTestId(`pane-${pane}`).click();
    expect(await sideways(page), pane).toEqual({ page: 0, wide: [] });
  }
  // A long wait is told in words and with a sign, and its colour can be read as well.
  await page.setViewportSize(desktop.viewport);
  for (const step of ['long', 'too-long']) {
    await page
      .getByTestId('answer-wait')
      .evaluateAll((marks, now) => marks.forEach((mark) => (mark.dataset['step'] = now)), step);
    await expectNoBarrier(page);
  }
});
