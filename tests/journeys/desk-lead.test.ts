import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { expectNoBarrier, sideways } from '#tests/support/barriers.ts';
import { aPage, desktop } from '#tests/support/browser.ts';
import { severalAtOnce } from '#tests/support/four-at-once.ts';
import { aYoungPerson } from '#tests/support/journey.ts';

const { browser, server } = await browserAndServer();

test(
  'a lead sees who waits, who works and how much each holds, and no conversation',
  { timeout: 120_000 },
  async () => {
    const { desk } = await severalAtOnce(browser, server, 2);
    await aYoungPerson(browser, server);
    const { page, complaints } = await aPage(browser, desktop);
    await page.goto(`${server.origin}/desk`);
    await page.getByTestId('sign-in-name').fill('karen');
    await page.getByTestId('sign-in-password').fill(server.password('karen'));
    await page.getByTestId('sign-in-submit').click();
    await page.getByTestId('house').waitFor();

    await page.getByTestId('queue-item').waitFor();
    const load = page.getByTestId('house-load');
    await expect.poll(() => load.innerText()).toMatch(/Mikkel[\s\S]*På vagt[\s\S]*2 i gang/);
    const figure = (name: string) => page.getByTestId(`house-${name}`).locator('dd').innerText();
    expect([await figure('on-shift'), await figure('talking'), await figure('waiting')]).toEqual([
      '1',
      '2',
      '1'
    ]);
    for (const absent of [
      'take-next',
      'shift-start',
      'desk-conversation',
      'desk-tab',
      'desk-elsewhere'
    ])
      expect(await page.getByTestId(absent).count(), absent).toBe(0);

    // Who has stopped still holds what is open.
    await desk.page.getByTestId('shift-stop').click();
    await expect.poll(() => load.innerText()).toMatch(/Ikke på vagt[\s\S]*2 i gang/);
    expect(await figure('on-shift')).toBe('0');

    await expectNoBarrier(page);
    await page.setViewportSize({ width: 320, height: 568 });
    expect(await sideways(page)).toEqual({ page: 0, wide: [] });
    expect(complaints).toEqual([]);
  }
);
