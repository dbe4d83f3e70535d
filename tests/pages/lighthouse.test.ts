import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '#tests/support/server-process.ts';
import { lighthouse } from './lighthouse.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.remove());

it('Lighthouse gives the front door 100 of 100, three times', async () => {
  const { scores, wanting } = await lighthouse(`${server.origin}/`);
  expect(scores, wanting.join('\n')).toEqual({
    performance: 100,
    accessibility: 100,
    'best-practices': 100
  });
}, 120_000);
