import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { revokedPath } from '#shared/counsellor/terms.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';

const { browser, server } = await browserAndServer();

/** What was ever signed for a counsellor of this server. */
function serials(): string[] {
  const store = new DatabaseSync(join(server.data, 'frirum.sqlite'), { readOnly: true });
  const rows = store.prepare('SELECT serial FROM certificate').all();
  store.close();
  return rows.map(({ serial }) => String(serial));
}

test(
  'a page talks without the list, and with no certificate that is on it',
  { timeout: 120_000 },
  async () => {
    const desk = await aCounsellorAtTheDesk(browser, server);

    // The list cannot be had: the certificate's short life is what is left.
    let asked = 0;
    const withoutList = (page: Page) =>
      page.route(`**${revokedPath}`, (route) => {
        asked += 1;
        return route.abort();
      });
    const first = await aYoungPerson(browser, server, {}, withoutList);
    await takeNext(desk.page);
    await first.talk.isState('open');
    expect(asked).toBeGreaterThan(0);
    expect(serials()).toHaveLength(1);
    await first.page.getByTestId('end-conversation').click();
    await first.page.getByTestId('end-confirm').click();
    await first.talk.isState('ended');

    const withList = (page: Page) =>
      page.route(`**${revokedPath}`, (route) => route.fulfill({ json: { serials: serials() } }));
    const second = await aYoungPerson(browser, server, {}, withList);
    await takeNext(desk.page);
    await second.talk.isState('interrupted');
    expect(await second.talk.conversation.textContent()).toContain(
      'Vi kunne ikke se, om det var en rådgiver'
    );
    expect(await second.page.getByTestId('composer').count()).toBe(0);
  }
);
