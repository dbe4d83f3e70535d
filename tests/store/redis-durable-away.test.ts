import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { book, seeBooking } from '#shared/booking/calls.ts';
import { saveShift, seePlan } from '#shared/plan/calls.ts';
import { parser } from '#shared/wire/parser.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { StoreAway } from '#server/store/store-away.ts';
import { AHouse, aKey, aShownClip, aTicket, tuesdays, young } from '#tests/booking/a-house.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { useDurable } from '#tests/support/durable.ts';
import { aVisitor, connect, everybodyLeaves, signIn, valueOf } from '#tests/support/people.ts';
import { RedisServer } from '#tests/support/redis.ts';

let redis: RedisServer;
const openDurable = () => openRedisDurable(redis.url);
beforeAll(async () => {
  redis = await RedisServer.start('durable');
  useDurable({ open: openDurable, filesOf: () => redis.folder });
});
afterAll(() => redis.close());

const configure = (name: string, value: string) =>
  redis.ask(async (client) => void (await client.configSet(name, value)));

/** What takes Redis away, and brings it back. */
const faults = {
  'is gone': [() => redis.kill(), () => redis.up()],
  'stands still': [async () => redis.freeze(), async () => redis.thaw()],
  'is full': [() => configure('maxmemory', '1'), () => configure('maxmemory', '0')],
  'has become a replica': [
    () => redis.ask((client) => client.sendCommand(['REPLICAOF', '127.0.0.1', '1'])),
    () => redis.ask((client) => client.sendCommand(['REPLICAOF', 'NO', 'ONE']))
  ]
} as const;

describe('a booking, when Redis', () => {
  let house: AHouse;
  beforeAll(async () => {
    house = await AHouse.open({ openDurable });
    await house.ask(saveShift, { shift: tuesdays(await house.counsellor('Sofie')) });
  });
  afterAll(() => house.stop());

  const anOrder = async () => {
    const [slot] = await house.booking.office.free.all();
    const name = aTicket().name;
    const order = {
      slot: slot?.id ?? 0,
      key: aKey(),
      ticket: name,
      note: null,
      clip: aShownClip()
    };
    return { visitor: young, purpose: 'conversation' as const, orders: [order], proof: null };
  };

  test.each(Object.entries(faults))(
    '%s, is not made, and is made when it is asked again',
    async (_, [away, back]) => {
      const request = await anOrder();
      const spent = await house.durable.clips.spent();
      await away();
      await expect(house.ask(book, request)).rejects.toThrow(StoreAway);
      const began = performance.now();
      await back();
      // Frozen, Redis finds the old question when it wakes: it is the same one, and is answered once.
      const answer = await expect
        .poll(() => house.ask(book, request).catch(() => null), { timeout: 5000, interval: 20 })
        .toMatchObject({ ok: true, value: { outcome: 'booked' } })
        .then(() => house.ask(book, request));
      expect(performance.now() - began).toBeLessThan(3000);
      expect(answer).toMatchObject({ ok: true, value: { outcome: 'booked' } });
      expect(await house.durable.clips.spent()).toHaveLength(spent.length + 1);
    }
  );

  test('forgot its scripts, is made', async () => {
    await redis.ask((client) => client.scriptFlush());
    expect(await house.ask(book, await anOrder())).toMatchObject({ ok: true });
  });
});

describe('while Redis is away', () => {
  let app: RunningApp;
  beforeAll(async () => {
    await redis.ask((client) => client.flushAll());
    app = await startApp();
  });
  afterEach(() => everybodyLeaves(app));
  afterAll(() => app.stop());

  test('nobody is let in, nobody is told that they are signed out, and all is well again at once', async () => {
    const cookie = await signIn(app, 'karen');
    const lead = await connect(app, { cookie, as: 'staff' });
    const visitor = await aVisitor(app);
    // By then it is known that her session lives.
    for (let turn = 0; turn < 5; turn += 1) await valueOf(lead.ask(seePlan, {}));
    await redis.kill();
    const notNow = { ok: false, refusal: 'not-now' };
    expect(await visitor.ask(seeBooking, { ticket: aTicket().ticket })).toEqual(notNow);
    expect(await lead.ask(seePlan, {})).toEqual(notNow);
    await expect(signIn(app, 'mikkel')).rejects.toThrow('503');
    // A desk that comes back now, as the page does: it keeps trying, and is never called signed out.
    const heard: string[] = [];
    const desk = io(app.origin, {
      ...{ parser, transports: ['websocket'], forceNew: true, auth: { as: 'staff' } },
      ...{ reconnectionDelay: 50, extraHeaders: { origin: app.origin, cookie } }
    });
    onTestFinished(() => void desk.disconnect());
    desk.on('connect_error', ({ message }) => heard.push(message));
    await new Promise((soon) => setTimeout(soon, 500));
    expect(desk.connected).toBe(false);
    await redis.up();
    await expect
      .poll(() => visitor.ask(seeBooking, { ticket: aTicket().ticket }), { timeout: 3000 })
      .toMatchObject({ refusal: 'unknown-ticket' });
    // Whoever was in stays in, and comes in again with the same cookie.
    expect(await valueOf(lead.ask(seePlan, {}))).toMatchObject({ shifts: [] });
    await expect.poll(() => desk.connected, { timeout: 5000 }).toBe(true);
    expect(heard).not.toContain('not-signed-in');
    await signIn(app, 'mikkel');
    desk.disconnect();
  });
});
