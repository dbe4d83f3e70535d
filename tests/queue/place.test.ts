// Who came first is answered first: also of two who come within one second, after a reload and a restart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { returnToQueue } from '#shared/queue/calls.ts';
import { startApp } from '#tests/support/app.ts';
import { aVisitor, everybodyLeaves, join, valueOf } from '#tests/support/people.ts';

test('two who come within one second keep their places', async () => {
  const data = mkdtempSync(pathOf(tmpdir(), 'frirum-'));
  let now = Math.floor(Date.now() / 1000) * 1000 + 200;
  const clock = { now: () => now };
  let app = await startApp({ clock, data });
  onTestFinished(async () => {
    await everybodyLeaves(app);
    await app.stop();
    rmSync(data, { recursive: true, force: true });
  });
  const first = await join(await aVisitor(app));
  now += 300;
  const leaves = await aVisitor(app);
  const second = await join(leaves);
  expect([first.place, second.place]).toEqual([1, 2]);

  const comesBack = async ({ capability }: { capability: string }) => {
    const back = await valueOf((await aVisitor(app)).ask(returnToQueue, { capability }));
    return back.state === 'waiting' ? back.place : null;
  };
  leaves.leave();
  expect(await comesBack(second)).toBe(2);

  await everybodyLeaves(app);
  await app.stop();
  app = await startApp({ clock, data });
  expect(await comesBack(second)).toBe(1);
  expect(await comesBack(first)).toBe(1);
  expect(await comesBack(second)).toBe(2);
});
