import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FreeSlots } from '#server/booking/free-slots.ts';
import {
  openRedisDurable,
  type RedisDurable
} from '#server/store/durable/redis/open-redis-durable.ts';
import { RedisServer } from '#tests/support/redis.ts';
import { hour, tuesdays, young } from './a-house.ts';

const now = Date.UTC(2026, 10, 23, 8);
const zone = 'Europe/Copenhagen';
const account = randomUUID();
const manySlots = 400;
const bytes = () => new Uint8Array(randomBytes(32));

let redis: RedisServer;
let stores: RedisDurable[];
let nodes: FreeSlots[];
beforeAll(async () => {
  redis = await RedisServer.start('durable');
  stores = await Promise.all([1, 2, 3, 4].map(() => openRedisDurable(redis.url)));
  nodes = stores.map(({ plan }) => new FreeSlots(plan, { now: () => now }, zone));
  const { offer } = tuesdays(account);
  const slots = Array.from({ length: manySlots }, (_, at) => ({
    ...{ shift: 's', account, start: now + ((at + 1) * hour) / 4, minutes: 15 },
    offer: { ...offer, zone, seats: 1 }
  }));
  await stores[0]?.plan.change({ extend: true }, null, slots, now);
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await redis.close();
});

const free = async () =>
  Promise.all(nodes.map(async (node) => (await node.all()).map(({ id }) => id)));
/** Commands that Redis has run, those inside its scripts among them. */
const commands = () =>
  redis.ask(async (client) => {
    const lines = (await client.info('commandstats')).matchAll(/^cmdstat_(\S+):calls=(\d+)/gm);
    const own = /^(info|client|hello|ping)/;
    return [...lines].reduce(
      (sum, [, name = '', calls]) => sum + (own.test(name) ? 0 : Number(calls)),
      0
    );
  });

const aBooking = (slot: number) => ({
  ...{ ticket: bytes(), slot, conversation: bytes(), visitor: young, words: 1, note: null },
  ...{ purpose: 'conversation' as const, clip: null },
  done: { key: bytes(), request: bytes(), answer: randomUUID() }
});

test('four nodes look again at the slots that were booked, and at no other', async () => {
  await expect
    .poll(async () => (await free()).map(({ length }) => length))
    .toEqual(Array(4).fill(manySlots));
  const [store] = stores;
  const slots = (await free())[0] ?? [];
  const chosen = slots.slice(10, 30);
  const begun = await commands();
  const orders = [];
  for (const slot of chosen) {
    const order = aBooking(slot);
    orders.push(order);
    expect(await store?.bookings.book([order], now)).toMatchObject({ outcome: 'booked' });
    // Everybody who looks sees it, at every node.
    await expect
      .poll(async () => (await free()).some((ids) => ids.includes(slot)), { interval: 5 })
      .toBe(false);
  }
  const each = ((await commands()) - begun) / chosen.length;
  console.log(
    `with four nodes and ${manySlots} slots a booking costs Redis ${each.toFixed(1)} commands`
  );
  // To read all of them at four nodes would be some five thousand.
  expect(each).toBeLessThan(150);

  // What is free again is seen as well, in its place, and a changed plan is looked at as a whole.
  const [order] = orders;
  if (!order || !store) throw new Error('nothing was booked');
  const was = { state: 'planned' as const, slot: order.slot, misses: 0 };
  const change = {
    ...{ ticket: order.ticket, was, state: 'cancelled' as const, misses: 0, slot: order.slot },
    ...{ isSeated: false, movedFrom: null, clip: null, clipDay: null, keepsNote: false }
  };
  await store.bookings.change([change], { now });
  const left = slots.filter((id) => id === order.slot || !chosen.includes(id));
  await expect.poll(free).toEqual(Array(4).fill(left));
  await store.plan.change({ extend: true }, [account], [], now);
  await expect.poll(free).toEqual([[], [], [], []]);
});
