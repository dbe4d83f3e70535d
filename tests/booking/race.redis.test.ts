import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { book } from '#shared/booking/calls.ts';
import { closeDays, saveShift } from '#shared/plan/calls.ts';
import type { BookingOrder } from '#server/store/durable/bookings.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { RedisServer } from '#tests/support/redis.ts';
import { AHouse, aKey, aShownClip, aTicket, tuesdays, young } from './a-house.ts';

const attempts = 10_000;
const bytes = () => new Uint8Array(randomBytes(32));

let redis: RedisServer;
let nodes: AHouse[];
beforeAll(async () => {
  redis = await RedisServer.start('durable');
  const openDurable = () => openRedisDurable(redis.url);
  const first = await AHouse.open({ openDurable });
  const { secret, now } = first;
  const others = [1, 2, 3].map(() => AHouse.open({ openDurable, secret, now }));
  nodes = [first, ...(await Promise.all(others))];
  for (const name of ['Sofie', 'Mikkel'])
    await first.ask(saveShift, { shift: tuesdays(await first.counsellor(name)) });
});
afterAll(async () => {
  for (const node of nodes) await node.stop();
  await redis.close();
});

const nodeOf = (at: number): AHouse => {
  const node = nodes[at % nodes.length];
  if (!node) throw new Error('no node');
  return node;
};
const aFreeSlot = async () => {
  const [slot] = await nodeOf(0).booking.office.free.all();
  if (!slot) throw new Error('no slot');
  return slot;
};

test(`of ${attempts} at once for one slot, through four nodes, Redis lets one have it`, async () => {
  const slot = await aFreeSlot();
  const orders = Array.from({ length: attempts }, (): BookingOrder => ({
    ...{ ticket: bytes(), slot: slot.id, conversation: bytes(), visitor: young },
    ...{ purpose: 'conversation', words: 1, note: null },
    clip: { shown: { id: bytes(), elements: bytes(), expires: 2027 }, stage: 'ordinary' },
    done: { key: bytes(), request: bytes(), answer: 'booked' }
  }));
  const before = await nodeOf(0).durable.clips.spent();
  const began = performance.now();
  // Nothing before Redis takes turns or knows better: all of them are in its hands at once.
  const answers = await Promise.all(
    orders.map((order, at) => nodeOf(at).durable.bookings.book([order], nodeOf(0).now))
  );
  console.log(`${attempts} attempts on Redis: ${(performance.now() - began).toFixed(0)} ms`);
  expect(answers.filter(({ outcome }) => outcome === 'booked')).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === 'slot-taken')).toHaveLength(attempts - 1);
  expect((await nodeOf(0).durable.plan.slot(slot.id))?.taken).toBe(1);
  expect(await nodeOf(0).durable.clips.spent()).toHaveLength(before.length + 1);
});

test(`of ${attempts} visitors of four nodes one has it, and all others three alternatives`, async () => {
  const slot = await aFreeSlot();
  const answers = await Promise.all(
    Array.from({ length: attempts }, (_, at) =>
      nodeOf(at).ask(book, {
        ...{ visitor: young, purpose: 'conversation', proof: null },
        orders: [
          { slot: slot.id, key: aKey(), ticket: aTicket().name, note: null, clip: aShownClip() }
        ]
      })
    )
  );
  const values = answers.map((answer) => {
    if (!answer.ok) throw new Error(answer.refusal);
    return answer.value;
  });
  expect(values.filter(({ outcome }) => outcome === 'booked')).toHaveLength(1);
  for (const value of values) {
    if (value.outcome === 'booked') continue;
    expect(value.alternatives).toHaveLength(3);
    expect(value.alternatives.map(({ slot: other }) => other)).not.toContain(slot.id);
  }
});

test('leads of four nodes plan at once, and the slots are what all of the plan says', async () => {
  const accounts = await Promise.all(
    Array.from({ length: 12 }, (_, at) => nodeOf(at).counsellor(`Amina ${at}`))
  );
  const days = { from: '2026-12-01', until: '2026-12-15', name: 'Lukket' };
  const asked = await Promise.all([
    ...accounts.map((account, at) => nodeOf(at).ask(saveShift, { shift: tuesdays(account) })),
    nodeOf(3).ask(closeDays, { days }),
    nodeOf(2).plan.extend()
  ]);
  for (const answer of asked) if (answer) expect(answer).toMatchObject({ ok: true });
  const slots = () => nodeOf(1).durable.plan.slots(0, Number.MAX_SAFE_INTEGER);
  const before = await slots();
  expect(new Set(before.map(({ account }) => account)).size).toBe(14);
  await nodeOf(0).plan.extend();
  expect(await slots()).toEqual(before);
});
