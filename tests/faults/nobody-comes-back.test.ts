import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { attach, reportTookPlace } from '#shared/conversation/calls.ts';
import { takeNext } from '#shared/queue/calls.ts';
import { openDesk } from '#shared/shift/calls.ts';
import { register } from '#shared/statistics/calls.ts';
import { conversationName } from '#server/klippekort/conversation-name.ts';
import { HouseLink } from '#server/store/volatile/redis/house-link.ts';
import { RedisUnsettled } from '#server/store/volatile/redis/redis-unsettled.ts';
import { aCounsellor, aVisitor, connect, join, valueOf } from '#tests/support/people.ts';
import { SeveralNodes, type ANode } from '#tests/support/several-nodes.ts';

/** Milliseconds, instead of half an hour. */
const forgottenAfter = 6_000;
let house: SeveralNodes;
let dying: ANode;
let living: ANode;
beforeAll(async () => {
  house = await SeveralNodes.start(null, [], forgottenAfter);
  [living, dying] = [await house.node(), await house.node()];
  for (const { origin } of [living, dying])
    await vi.waitUntil(async () => (await fetch(`${origin}/readyz`)).ok, soon);
});
afterAll(() => house.stop());

const soon = { timeout: 30_000, interval: 100 };
const unsettled = () =>
  house.volatile.ask(async (client) => {
    const [due] = await client.keys('house:*:unsettled');
    return due ? client.zCard(due) : 0;
  });

/** A conversation at the node that will die, with a clip held for it. */
async function sitDown(desk: Awaited<ReturnType<typeof aCounsellor>>) {
  const visitor = await aVisitor(dying);
  const mine = await join(visitor);
  const taken = await valueOf(desk.ask(takeNext, {}));
  expect(taken.conversation).toBe(mine.conversation);
  const counsellor = await connect(dying, { cookie: desk.cookie, as: 'staff' });
  await valueOf(visitor.ask(attach, { capability: mine.capability, expected: 1 }));
  await valueOf(counsellor.ask(attach, { capability: taken.capability, expected: 1 }));
  const clip = { id: randomBytes(32), elements: randomBytes(32), expires: 9_999 };
  const conversation = conversationName(house.written.secret(), mine.conversation);
  const day = Math.floor(Date.now() / 86_400_000);
  await house.written.clips.hold(clip, { conversation, decides: false, day });
  return { counsellor, taken, clip: async () => (await house.written.clips.find(clip.id))?.state };
}

test('nobody comes back to what a dead node had: another settles it, as one node would', async () => {
  const desk = await aCounsellor(dying);
  const talked = await sitDown(desk);
  const silent = await sitDown(desk);
  await valueOf(talked.counsellor.ask(reportTookPlace, {}));
  expect(await unsettled()).toBe(2);
  const began = performance.now();
  await dying.die();
  const other = await aCounsellor(living);
  expect(await talked.clip()).toBe('open');

  await expect.poll(talked.clip, soon).toBe('took-place');
  await expect.poll(silent.clip, soon).toBe('did-not');
  // Not before its time, by the clock of Redis; a second is left for what happened before the node died.
  expect(performance.now() - began).toBeGreaterThan(forgottenAfter - 1_000);
  await expect.poll(unsettled, soon).toBe(0);
  const { colleagues, queue } = await valueOf(other.ask(openDesk, {}));
  expect(colleagues.map(({ conversations }) => conversations)).toEqual([0]);
  expect(queue).toEqual([]);
  const { capability } = talked.taken;
  await valueOf(other.ask(register, { capability, registration: 'nothing' }));
  other.leave();
});

test('a node that dies while it settles leaves it to another', async () => {
  const secret = randomBytes(32);
  const links = [
    await HouseLink.open(house.volatile.url, secret),
    await HouseLink.open(house.volatile.url, secret)
  ] as const;
  const asked: string[] = [];
  const [one, other] = links.map((link) => new RedisUnsettled(link, 400));
  if (!one || !other) throw new Error('no nodes');
  one.onDue = (conversation) => {
    asked.push(`one ${conversation}`);
    one.stop();
    return new Promise(() => {});
  };
  one.hold('AAAAAAAAAAAAAAAAAAAAAA')();
  await expect.poll(() => asked, soon).toEqual(['one AAAAAAAAAAAAAAAAAAAAAA']);
  other.onDue = async (conversation) => {
    asked.push(`other ${conversation}`);
    return 0;
  };
  await expect.poll(() => asked, soon).toHaveLength(2);
  expect(asked[1]).toBe('other AAAAAAAAAAAAAAAAAAAAAA');
  // It is settled, so nobody is asked again.
  await new Promise((looks) => setTimeout(looks, 1_000));
  expect(asked).toHaveLength(2);
  other.stop();
  await Promise.all(links.map((link) => link.stop()));
});

test('Redis comes back empty when everybody has gone: who had it sees that it is settled all the same', async () => {
  const link = await HouseLink.open(house.volatile.url, randomBytes(32));
  const asked: string[] = [];
  const node = new RedisUnsettled(link, 1_200);
  node.onDue = async (conversation) => {
    asked.push(conversation);
    return 0;
  };
  const ours = () =>
    house.volatile.ask((client) => client.exists([link.key('unsettled'), link.key('pokes')]));
  node.hold('AAAAAAAAAAAAAAAAAAAAAA')();
  node.hold('BBBBBBBBBBBBBBBBBBBBBB')();
  await expect.poll(ours, soon).toBe(1);
  // The other one is over, as another node tells.
  node.over('BBBBBBBBBBBBBBBBBBBBBB');
  await house.volatile.kill();
  // It writes nothing to a disk, so it knows nothing.
  await house.volatile.up();
  await expect.poll(() => asked, soon).toEqual(['AAAAAAAAAAAAAAAAAAAAAA']);
  node.stop();
  await link.stop();
});
