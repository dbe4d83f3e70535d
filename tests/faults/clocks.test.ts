// T18: two nodes whose clocks are an hour too early and an hour too late are one house.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { book, bookingWeekPath, checkIn, type Week } from '#shared/booking/calls.ts';
import { readWeek } from '#shared/booking/week.ts';
import { attach, endConversation } from '#shared/conversation/calls.ts';
import { joinQueue, leaveQueue, returnToQueue, takeNext } from '#shared/queue/calls.ts';
import { openDesk, setShift } from '#shared/shift/calls.ts';
import { messageFrame } from '#shared/wire/frame.ts';
import { aKey, aTicket } from '#tests/booking/a-house.ts';
import { nodeProcesses, type NodeProcess } from '#tests/support/node-processes.ts';
import { run } from '#tests/start/a-process.ts';
import { aProof, aVisitor, connect, join, signIn, valueOf, young } from '#tests/support/people.ts';
import { plan, soon } from '#tests/support/planned.ts';

const hour = 3_600_000;
const wrong = (ahead: number) => () => ({
  NODE_OPTIONS: `--import=${new URL('clock-ahead.ts', import.meta.url).href}`,
  CLOCK_AHEAD: String(ahead)
});

let stop = async () => {};
let environment: Record<string, string> = {};
let [late, early]: NodeProcess[] = [];
beforeAll(async () => {
  const house = await nodeProcesses([wrong(-hour), wrong(hour)]);
  stop = house.stop;
  environment = { ...house.urls, FRIRUM_DATA: house.data };
  [late, early] = house.nodes;
});
afterAll(() => stop());

const nodes = () => {
  if (!late || !early) throw new Error('no nodes');
  return { late, early, ways: [[late, early] as const, [early, late] as const] };
};

test('the clocks are as wrong as this test says', () => {
  const { early, late } = nodes();
  for (const [{ server }, ahead] of [[late, -hour] as const, [early, hour] as const]) {
    const [, ...said] = /This clock says (\d+) and (\d+)/.exec(server.output) ?? [];
    for (const at of said) expect(Math.abs(Number(at) - ahead - Date.now())).toBeLessThan(hour / 2);
    expect(said).toHaveLength(2);
  }
});

test('who signed in at one is in at the other, both ways', async () => {
  for (const [one, other] of nodes().ways) {
    const cookie = await signIn(one, 'sofie');
    const session = await fetch(`${other.origin}/desk/session`, { headers: { cookie } });
    expect(session.status).toBe(200);
    (await connect(other, { cookie, as: 'staff' })).leave();
  }
});

test('who is invited at a terminal whose clock is four days late is still invited', async () => {
  const words = ['scripts/frirum.mjs', 'team', 'invite', 'Amina'];
  const invite = run(words, { ...environment, ...wrong(-96 * hour)() });
  expect(await invite.ended).toBe(0);
  const token = /invitation#([\w-]{43})\n$/.exec(invite.printed())?.[1];
  for (const { origin } of [nodes().late, nodes().early]) {
    const looked = await fetch(`${origin}/desk/invitation/look`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ token })
    });
    expect(await looked.json()).toMatchObject({ shownName: 'Amina' });
  }
});

test('a proof of work that one asked for is good at the other, both ways', async () => {
  for (const [one, other] of nodes().ways) {
    const asking = await aVisitor(one);
    const joining = await aVisitor(other);
    const proof = await aProof(asking);
    expect(await joining.ask(joinQueue, { visitor: young, proof })).toMatchObject({ ok: true });
    await valueOf(joining.ask(leaveQueue, {}));
    asking.leave();
    joining.leave();
  }
});

test('who came first is first, wherever they came, and a conversation goes on at either node', async () => {
  for (const [one, other] of nodes().ways) {
    const cookie = await signIn(one, 'mikkel');
    const desk = await connect(one, { cookie, as: 'staff' });
    await valueOf(desk.ask(openDesk, {}));
    await valueOf(desk.ask(setShift, { state: 'on' }));

    const [first, second] = [await aVisitor(one), await aVisitor(other)];
    const mine = await join(first);
    // A place counts whole seconds.
    await new Promise((later) => setTimeout(later, 1_100));
    const theirs = await join(second);
    expect([mine.place, theirs.place]).toEqual([1, 2]);
    const waits = { minutes: 0, here: true };
    expect((await valueOf(desk.ask(openDesk, {}))).queue).toMatchObject([waits, waits]);
    // The estimate counts when the last conversations began: the same wherever it is asked.
    const elsewhere = await aVisitor(one);
    const again = await valueOf(elsewhere.ask(returnToQueue, { capability: theirs.capability }));
    expect(again).toMatchObject({ state: 'waiting', place: 2, estimate: theirs.estimate });
    await valueOf(elsewhere.ask(leaveQueue, {}));

    const taken = await valueOf(desk.ask(takeNext, {}));
    expect(taken.conversation).toBe(mine.conversation);
    first.leave();
    const visitor = await aVisitor(other);
    const counsellor = await connect(one, { cookie, as: 'staff' });
    await valueOf(visitor.ask(attach, { capability: mine.capability, expected: 1 }));
    await valueOf(counsellor.ask(attach, { capability: taken.capability, expected: 1 }));
    visitor.send(messageFrame(1, 1, Uint8Array.of(7)));
    expect((await counsellor.nextMessage()).at(-1)).toBe(7);
    // Longer than the one look in a second at who sits before an empty chair.
    await new Promise((later) => setTimeout(later, 1_500));
    counsellor.send(messageFrame(1, 1, Uint8Array.of(8)));
    expect((await visitor.nextMessage()).at(-1)).toBe(8);
    await valueOf(counsellor.ask(endConversation, {}));
    await valueOf(desk.ask(setShift, { state: 'off' }));
    for (const person of [desk, second, elsewhere, visitor, counsellor]) person.leave();
  }
});

test('a time in nine minutes is free at both, has one owner, and is checked in at either', async () => {
  const { early, late } = nodes();
  await plan(early, 'Sofie', soon(9));
  const weekOf = async ({ origin }: NodeProcess) => {
    const at = new Date(Date.now() + 9 * 60_000);
    const monday = new Date(at.getTime() - ((at.getUTCDay() + 6) % 7) * 24 * hour);
    const answer = await fetch(`${origin}${bookingWeekPath}${monday.toISOString().slice(0, 10)}`);
    return readWeek((await answer.json()) as Week);
  };
  await expect.poll(async () => (await weekOf(late)).length).toBe(1);
  expect(await weekOf(early)).toEqual(await weekOf(late));

  const [slot] = await weekOf(late);
  const tries = await Promise.all(
    [early, late, early, late].map(async (node) => {
      const device = await aVisitor(node);
      const { ticket, name } = aTicket();
      const order = { slot: slot?.slot ?? 0, key: aKey(), ticket: name, note: null, clip: null };
      const proof = await aProof(device);
      return { device, ticket, asked: { visitor: young, orders: [order], proof } };
    })
  );
  const answers = await Promise.all(
    tries.map(({ device, asked }) => device.ask(book, { ...asked, purpose: 'conversation' }))
  );
  const outcomes = answers.map((answer) => (answer.ok ? answer.value.outcome : answer.refusal));
  expect(outcomes.toSorted()).toEqual(['booked', 'slot-taken', 'slot-taken', 'slot-taken']);

  const ticket = tries[outcomes.indexOf('booked')]?.ticket ?? '';
  for (const node of [early, late]) {
    const device = await aVisitor(node);
    expect(await device.ask(checkIn, { ticket })).toMatchObject({ ok: true });
    device.leave();
  }
  for (const { device } of tries) device.leave();
});
