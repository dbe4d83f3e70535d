import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { observatoryScore, sumOf } from './observatory.ts';
import { aServer } from './serving.ts';

const build = { folder: fileURLToPath(new URL('../../build', import.meta.url)), gone: () => {} };
let serving: Awaited<ReturnType<typeof aServer>>;
beforeAll(async () => {
  serving = await aServer({ https: true }, build);
});
afterAll(() => serving.stop());

it.each([
  '/',
  '/chat',
  '/book',
  '/card',
  '/write',
  '/parents',
  '/ar',
  '/desk',
  '/desk/team',
  '/was'
])('%s has 135 points at the observatory', async (path) => {
  const answer = await serving.ask(path);
  expect(answer.status).toBe(200);
  const sent = { headers: answer.headers, html: await answer.text() };
  const points = observatoryScore(sent);
  expect(sumOf(points), JSON.stringify(points)).toBeGreaterThanOrEqual(135);
  // The same rules notice what would be missing.
  const bare = sent.html.replace(/ integrity="[^"]*"/, '');
  expect(sumOf(observatoryScore({ ...sent, html: bare }))).toBe(sumOf(points) - 5);
  expect(sumOf(observatoryScore({ ...sent, headers: new Headers() }))).toBeLessThan(80);
});
