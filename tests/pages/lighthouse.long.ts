import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '#tests/support/server-process.ts';
import { lighthouse } from './lighthouse.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.remove());

/** The least that Lighthouse may give in any of its three categories. */
const least: Readonly<Record<string, number>> = {
  '/': 100,
  '/ar': 100,
  '/parents': 100,
  '/professionals': 100,
  '/privacy': 100,
  '/was': 100,
  '/chat': 95,
  '/ar/chat': 95,
  '/book': 95,
  '/write': 95,
  '/card': 95,
  // Of the staff's pages nothing is shown before the script runs.
  '/desk': 90
};

it.each(Object.entries(least))(
  '%s has at least %i of 100 in performance, accessibility and best practices',
  async (path, score) => {
    // A busy machine takes points away and gives none: the best of three runs is what the page is like.
    const runs: { lowest: number; wanting: string[] }[] = [];
    while (runs.length < 3 && runs.every(({ lowest }) => lowest < score)) {
      const { scores, wanting } = await lighthouse(server.origin + path);
      console.log(path, JSON.stringify(scores));
      runs.push({ lowest: Math.min(...Object.values(scores)), wanting });
    }
    const best = runs.toSorted((one, other) => other.lowest - one.lowest)[0];
    expect(best?.lowest, best?.wanting.join('\n')).toBeGreaterThanOrEqual(score);
  },
  180_000
);
