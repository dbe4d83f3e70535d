import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { attach, endConversation, reportTookPlace } from '#shared/conversation/calls.ts';
import { recordDecision } from '#shared/klippekort/calls.ts';
import { chairMayBeEmpty, mayAskForAnother } from '#shared/queue/patience.ts';
import { returnToQueue, standAgain, takeNext, type QueueItem } from '#shared/queue/calls.ts';
import { openDesk, setShift } from '#shared/shift/calls.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import {
  aConversation,
  aCounsellor,
  aVisitor,
  connect,
  everybodyLeaves,
  join,
  signIn,
  valueOf,
  type Person
} from '#tests/support/people.ts';

let app: RunningApp;
let data: string;
/** What the service takes for the time. */
let now = Date.now();
const clock = { now: () => now };
beforeEach(async () => {
  data = mkdtempSync(pathOf(tmpdir(), 'frirum-'));
  app = await startApp({ clock, data });
});
afterEach(async () => {
  await everybodyLeaves(app);
  await app.stop();
  rmSync(data, { recursive: true, force: true });
});

const refused = (refusal: string) => ({ ok: false, refusal });
const queueOf = async (desk: Person): Promise<readonly QueueItem[]> =>
  (await valueOf(desk.ask(openDesk, {}))).queue;
const isBack = (desk: Person, conversation: string) =>
  vi.waitUntil(
    async () => (await queueOf(desk)).find(({ id }) => conversation.startsWith(id)) ?? null,
    { timeout: 5_000, interval: 100 }
  );
/** Long enough for somebody who looks every second. */
const twoLooks = () => new Promise((soon) => setTimeout(soon, 2_200));
const comeIn = (person: Person, capability: string, talked = false) =>
  person.ask(attach, { capability, expected: 1, talked });

/** The server dies and is started again with what is on its disk. */
async function again(): Promise<void> {
  await everybodyLeaves(app);
  await app.stop();
  app = await startApp({ clock, data });
}

describe('a chair that stays empty', () => {
  test('sends the visitor back to the old place, with what their clip opens', async () => {
    const first = await aVisitor(app);
    const mine = await join(first);
    now += 60_000;
    const second = await aVisitor(app);
    await join(second);
    const desk = await aCounsellor(app);
    const taken = await valueOf(desk.ask(takeNext, {}));
    expect(taken.conversation).toBe(mine.conversation);
    await valueOf(comeIn(first, mine.capability));
    const told = first.hears('queue:returned');
    now += chairMayBeEmpty;
    expect(await told).toEqual({ why: 'counsellor-away' });
    expect(await isBack(desk, mine.conversation)).toMatchObject({ here: false, again: true });

    const back = await aVisitor(app);
    const place = await valueOf(back.ask(returnToQueue, { capability: mine.capability }));
    expect(place).toMatchObject({ state: 'waiting', place: 1, returned: 'counsellor-away' });
    expect((await queueOf(desk)).map(({ here }) => here)).toEqual([true, true]);

    // Who held it has no right left; who takes it now has one, and so has the visitor's newer one.
    expect(await comeIn(desk, taken.capability)).toEqual(refused('back-in-queue'));
    expect(await comeIn(await aVisitor(app), mine.capability)).toEqual(refused('back-in-queue'));
    const again = await valueOf(desk.ask(takeNext, {}));
    expect(again.conversation).toBe(mine.conversation);
    const other = await connect(app, { cookie: desk.cookie, as: 'staff' });
    expect(await valueOf(comeIn(other, again.capability))).toMatchObject({ stored: 0 });
    expect(await valueOf(comeIn(back, place.capability))).toMatchObject({ otherHere: true });
    expect(await comeIn(desk, taken.capability)).toEqual(refused('back-in-queue'));
  });

  test('counts from when the counsellor went, and not while another socket of theirs is here', async () => {
    const { counsellor, desk, conversation, counsellorToken } = await aConversation(app);
    const second = await connect(app, { cookie: desk.cookie, as: 'staff' });
    await valueOf(comeIn(second, counsellorToken));
    counsellor.leave();
    now += chairMayBeEmpty;
    await twoLooks();
    expect(await queueOf(desk)).toEqual([]);
    second.leave();
    await vi.waitUntil(() => app.app.io.engine.clientsCount === 2);
    now += chairMayBeEmpty - 1_500;
    await twoLooks();
    expect(await queueOf(desk)).toEqual([]);
    now += 1_500;
    await isBack(desk, conversation);
  });

  test('a counsellor who is back in time keeps the conversation', async () => {
    const { visitor, counsellor, desk, counsellorToken } = await aConversation(app);
    counsellor.leave();
    await visitor.hears('conversation:presence-changed');
    now += chairMayBeEmpty - 500;
    const again = await connect(app, { cookie: desk.cookie, as: 'staff' });
    await valueOf(comeIn(again, counsellorToken));
    now += chairMayBeEmpty;
    await twoLooks();
    expect(await queueOf(desk)).toEqual([]);
  });

  test('in the same moment one of the two wins, and the other is told', async () => {
    const { visitor, counsellor, desk, conversation, counsellorToken } = await aConversation(app);
    counsellor.leave();
    await visitor.hears('conversation:presence-changed');
    now += chairMayBeEmpty;
    const again = await connect(app, { cookie: desk.cookie, as: 'staff' });
    const came = await comeIn(again, counsellorToken);
    await twoLooks();
    const isWaiting = (await queueOf(desk)).some(({ id }) => conversation.startsWith(id));
    expect(isWaiting).toBe(!came.ok);
    if (!came.ok) expect(came).toEqual(refused('back-in-queue'));
  });

  test('a visitor who is away as well has the place all the same', async () => {
    const { visitor, counsellor, desk, conversation, visitorToken } = await aConversation(app);
    visitor.leave();
    counsellor.leave();
    await vi.waitUntil(() => app.app.io.engine.clientsCount === 1);
    now += chairMayBeEmpty;
    expect(await isBack(desk, conversation)).toMatchObject({ here: false });
    expect(await desk.ask(takeNext, {})).toEqual(refused('queue-empty'));
    const back = await aVisitor(app);
    expect(await comeIn(back, visitorToken)).toEqual(refused('back-in-queue'));
    const place = await valueOf(back.ask(returnToQueue, { capability: visitorToken }));
    expect(place).toMatchObject({ state: 'waiting', returned: 'counsellor-away' });
    expect((await valueOf(desk.ask(takeNext, {}))).conversation).toBe(conversation);
  });
});

describe('once both have written', () => {
  test('the conversation waits for its counsellor, until the visitor asks for another', async () => {
    const { visitor, counsellor, desk, conversation, visitorToken, counsellorToken } =
      await aConversation(app);
    await valueOf(counsellor.ask(reportTookPlace, {}));
    expect(await visitor.ask(standAgain, { capability: visitorToken })).toEqual(
      refused('counsellor-here')
    );
    counsellor.leave();
    await visitor.hears('conversation:presence-changed');
    now += mayAskForAnother - 1_000;
    await twoLooks();
    expect(await queueOf(desk)).toEqual([]);
    const ask = () => visitor.ask(standAgain, { capability: visitorToken });
    expect(await ask()).toEqual(refused('too-soon'));
    now += 1_000;
    const told = visitor.hears('queue:returned');
    expect(await ask()).toEqual({ ok: true, value: {} });
    expect(await told).toEqual({ why: 'asked' });
    await isBack(desk, conversation);
    expect(await ask()).toEqual(refused('counsellor-here'));
    expect(await comeIn(desk, counsellorToken)).toEqual(refused('back-in-queue'));
  });

  test('is believed of the visitor where the server was started again', async () => {
    const mine = await join(await aVisitor(app));
    const desk = await aCounsellor(app);
    const taken = await valueOf(desk.ask(takeNext, {}));
    await again();
    const visitor = await aVisitor(app);
    await valueOf(comeIn(visitor, mine.capability, true));
    const later = await aCounsellor(app);
    now += chairMayBeEmpty;
    await twoLooks();
    expect(await queueOf(later)).toEqual([]);
    expect(await valueOf(comeIn(later, taken.capability))).toMatchObject({ otherHere: true });
  });
});

describe('a server that was started again', () => {
  test('watches over the empty chair from when the visitor is back', async () => {
    const { conversation, visitorToken } = await aConversation(app);
    await again();
    const visitor = await aVisitor(app);
    await valueOf(comeIn(visitor, visitorToken));
    const desk = await aCounsellor(app);
    now += chairMayBeEmpty;
    await isBack(desk, conversation);
  });

  test('has no place for who took the visitor before, once they wait again', async () => {
    const mine = await join(await aVisitor(app));
    const desk = await aCounsellor(app);
    const taken = await valueOf(desk.ask(takeNext, {}));
    await again();
    // The visitor's page never heard that somebody had come.
    const visitor = await aVisitor(app);
    const place = await valueOf(visitor.ask(returnToQueue, { capability: mine.capability }));
    expect(place.state).toBe('waiting');
    const late = await aCounsellor(app);
    expect(await comeIn(late, taken.capability)).toEqual(refused('back-in-queue'));
    const next = await valueOf(late.ask(takeNext, {}));
    await valueOf(comeIn(late, next.capability));
    expect(await valueOf(comeIn(visitor, place.capability))).toMatchObject({ otherHere: true });
  });
});

describe('a counsellor who has to stop', () => {
  test('loses sockets and conversations, and whoever they held stands in the queue', async () => {
    const { visitor, counsellor, desk, conversation, visitorToken, counsellorToken } =
      await aConversation(app);
    await valueOf(counsellor.ask(reportTookPlace, {}));
    const other = await aCounsellor(app, 'sofie');
    now += 1;
    const later = await join(await aVisitor(app));
    const told = [visitor.hears('queue:returned'), counsellor.hears('queue:returned')];
    const gone = [desk, counsellor].map(
      ({ socket }) => new Promise((resolve) => socket.once('disconnect', resolve))
    );
    const began = performance.now();
    await app.app.withdrawCounsellor(accountOf(counsellorToken));
    expect(await Promise.all(told)).toEqual(told.map(() => ({ why: 'counsellor-gone' })));
    await Promise.all(gone);
    expect(performance.now() - began).toBeLessThan(2_000);
    await expect(connect(app, { cookie: desk.cookie, as: 'staff' })).rejects.toThrow();
    await isBack(other, conversation);

    const place = await valueOf(visitor.ask(returnToQueue, { capability: visitorToken }));
    expect(place).toMatchObject({ state: 'waiting', place: 1, returned: 'counsellor-gone' });
    expect((await valueOf(other.ask(takeNext, {}))).conversation).toBe(conversation);
    expect((await valueOf(other.ask(takeNext, {}))).conversation).toBe(later.conversation);
    const { colleagues } = await valueOf(other.ask(openDesk, {}));
    expect(colleagues.map(({ name }) => name)).not.toContain('Mikkel');
  });

  test('has no right left to what they held, not even signed in again', async () => {
    const { counsellorToken } = await aConversation(app);
    await app.app.withdrawCounsellor(accountOf(counsellorToken));
    const cookie = await signIn(app);
    const again = await connect(app, { cookie, as: 'staff' });
    expect(await comeIn(again, counsellorToken)).toEqual(refused('back-in-queue'));
    const said = { capability: counsellorToken, decision: 'stop' } as const;
    expect(await again.ask(recordDecision, said)).toEqual(refused('unknown-capability'));
    expect(await again.ask(endConversation, {})).toEqual(refused('not-attached'));
  });
});

test('a shift that pauses or stops cuts no conversation', async () => {
  const { visitor, counsellor, desk, visitorToken } = await aConversation(app);
  for (const state of ['paused', 'off'] as const) {
    await valueOf(desk.ask(setShift, { state }));
    now += chairMayBeEmpty;
    await twoLooks();
    expect(await queueOf(desk)).toEqual([]);
    await valueOf(counsellor.ask(reportTookPlace, {}));
    expect(await visitor.ask(standAgain, { capability: visitorToken })).toEqual(
      refused('counsellor-here')
    );
  }
});

test('who has taken four and sits down with none is given no fifth', async () => {
  const desk = await aCounsellor(app);
  for (let times = 0; times < 5; times += 1) await join(await aVisitor(app));
  for (let times = 0; times < 4; times += 1) await valueOf(desk.ask(takeNext, {}));
  expect(await desk.ask(takeNext, {})).toEqual(refused('too-many-conversations'));
});

/** The account that a counsellor's right names: bytes 26 to 42. */
const accountOf = (capability: string): string =>
  Buffer.from(capability, 'base64url')
    .toString('hex', 26, 42)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
