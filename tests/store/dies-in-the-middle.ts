import { randomBytes } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import type { RedisServer } from '#tests/support/redis.ts';

const soon = { timeout: 20_000, interval: 50 };

export const aClip = () => ({ id: randomBytes(32), elements: randomBytes(64), expires: 3000 });
export const holds = () => ({ conversation: randomBytes(16), decides: false, day: 20_000 });

/** Eight ask at once, and go on until a hundred more are acknowledged after `dead` is killed. */
export async function diesInTheMiddle(
  url: string,
  dead: RedisServer | undefined,
  then = async () => {}
): Promise<void> {
  const durable = await openRedisDurable(url);
  onTestFinished(() => durable.close());
  const acknowledged: ReturnType<typeof aClip>[] = [];
  const asking = { isOver: false };
  const askers = Array.from({ length: 8 }, async () => {
    while (!asking.isOver) {
      const [clip, where] = [aClip(), holds()];
      const held = await durable.clips.hold(clip, where).catch(() => null);
      if (held === 'held') acknowledged.push(clip);
      else await new Promise((later) => setTimeout(later, 20));
    }
  });
  await expect.poll(() => acknowledged.length, soon).toBeGreaterThan(100);
  await dead?.kill();
  const before = acknowledged.length;
  await then();
  await expect.poll(() => acknowledged.length, soon).toBeGreaterThan(before + 100);
  asking.isOver = true;
  await Promise.all(askers);
  const spent = await durable.clips.spent();
  const there = new Set(spent.map((id) => Buffer.from(id).toString('hex')));
  expect(acknowledged.filter(({ id }) => !there.has(id.toString('hex')))).toEqual([]);
}
