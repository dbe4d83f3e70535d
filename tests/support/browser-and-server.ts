import { afterAll, afterEach, beforeEach } from 'vitest';
import { openBrowser } from './browser.ts';
import { ServerProcess } from './server-process.ts';

interface Needs {
  /** Environment variables of the server. */
  readonly settings?: Record<string, string>;
  /** Another browser than the one that most files use. */
  readonly chromium?: string;
  /** After each test everybody closes their pages. */
  readonly everybodyLeaves?: boolean;
  /** As well, and each test finds a house in which nothing has happened. */
  readonly newHouse?: boolean;
}

/** What most files of journeys begin with, and end with: one browser, and a server as a process of its own. */
export async function browserAndServer(needs: Needs = {}) {
  const [browser, server] = await Promise.all([
    openBrowser(needs.chromium),
    ServerProcess.start(needs.settings)
  ]);
  afterAll(async () => {
    await browser.close();
    await server.remove();
  });
  let isNew = true;
  if (needs.newHouse)
    beforeEach(async () => {
      if (!isNew) await server.startAnew();
      isNew = false;
    });
  if (needs.everybodyLeaves || needs.newHouse)
    afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  return { browser, server };
}
