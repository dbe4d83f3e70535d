import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { io } from 'socket.io-client';
import { attach, endConversation } from '#shared/conversation/calls.ts';
import { joinQueue, takeNext } from '#shared/queue/calls.ts';
import { offerHandOver } from '#shared/roster/calls.ts';
import { openDesk } from '#shared/shift/calls.ts';
import { messageFrame } from '#shared/wire/frame.ts';
import { parser, relayEvent } from '#shared/wire/parser.ts';
import { aCanary, search, searchBytes, type Canary } from '#tests/support/canary.ts';
import { RedisWatch } from '#tests/support/redis-watch.ts';
import { SeveralNodes } from '#tests/support/several-nodes.ts';
import { aCounsellor, aProof, aVisitor, connect, valueOf, young } from '#tests/support/people.ts';

let house: SeveralNodes;
beforeAll(async () => {
  // Otherwise a dump of more than twenty bytes is compressed, and nothing is found in it.
  house = await SeveralNodes.start(undefined, ['--rdbcompression', 'no']);
});
afterAll(() => house.stop());

/** What a device says about itself, each in its own header. */
const told = {
  'user-agent': aCanary('user agent'),
  'accept-language': aCanary('language'),
  'x-forwarded-for': aCanary('address'),
  referer: aCanary('referer'),
  cookie: aCanary('cookie')
};

test('neither Redis of three nodes hears who somebody is, and the volatile one no name at all', async () => {
  const nodes = [await house.node(), await house.node(), await house.node()] as const;
  const [a, b, c] = nodes;
  const volatile = await RedisWatch.over(house.volatile);
  const durable = await RedisWatch.over(house.durable);

  const headers = Object.entries(told).map(([name, { text }]) => [name, `x=${text}`]);
  const socket = io(a.origin, {
    ...{ parser, transports: ['websocket'], forceNew: true, reconnection: false },
    extraHeaders: { origin: a.origin, ...Object.fromEntries(headers) }
  });
  await new Promise<void>((come) => socket.once('connect', come));
  const proof = await aProof(await aVisitor(a));
  const mine = await valueOf<{ conversation: string; capability: string }>(
    socket.timeout(10_000).emitWithAck(joinQueue.name, { visitor: young, proof })
  );
  const typed = aCanary('a name typed at sign-in');
  await fetch(`${b.origin}/desk/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: b.origin, 'user-agent': typed.text },
    body: JSON.stringify({ name: typed.text, password: 'wrong' })
  });
  const desk = await aCounsellor(b);
  const sofie = await aCounsellor(c, 'sofie');
  const taken = await vi.waitUntil(async () => {
    const answer = await desk.ask(takeNext, {});
    return answer.ok ? answer.value : null;
  });
  const counsellor = await connect(c, { cookie: desk.cookie, as: 'staff' });
  const right = { capability: mine.capability, expected: 1 };
  await valueOf(socket.timeout(10_000).emitWithAck(attach.name, right));
  await valueOf(counsellor.ask(attach, { capability: taken.capability, expected: 1 }));
  socket.emit(relayEvent, messageFrame(1, 1, Uint8Array.of(1, 2, 3)));
  await counsellor.nextMessage();
  const other = await vi.waitUntil(async () => {
    const { colleagues } = await valueOf(desk.ask(openDesk, {}));
    return colleagues.find(({ name }) => name === 'Sofie')?.id;
  });
  const offer = { capability: taken.capability, to: other, purpose: 'second' } as const;
  await valueOf(counsellor.ask(offerHandOver, offer));
  await new Promise((told) => setTimeout(told, 1_200));
  const [seen, kept] = [await volatile.haystacks(), await durable.haystacks()];
  await valueOf(counsellor.ask(endConversation, {}));
  await new Promise((told) => setTimeout(told, 300));
  const after = [...(await volatile.haystacks()), ...(await durable.haystacks())];

  const conversation = Buffer.from(mine.conversation, 'base64url');
  const words: Canary[] = [
    ...['mikkel', 'Mikkel', 'sofie', 'Sofie', 'under-18', 'shownName'],
    ...[mine.conversation, mine.capability, taken.capability],
    ...(await Promise.all(['mikkel', 'sofie'].map((name) => house.accountOf(name))))
  ].map((text) => ({ name: text, text }));
  const identity = Object.values(told);
  expect(search([...identity, typed, ...words], seen)).toEqual([]);
  expect(search(identity, [...kept, ...after])).toEqual([]);
  for (const haystacks of [seen, kept, after])
    expect(searchBytes('conversation', conversation, haystacks)).toEqual([]);
  expect(seen.length).toBeGreaterThan(8);

  // The same search finds what is there.
  const control = aCanary('control');
  await house.volatile.ask((client) => client.hSet('control', 'field', control.text));
  const found = search([control], await volatile.haystacks()).map(({ where }) => where);
  expect(found).toEqual(expect.arrayContaining(['monitor', 'value of control']));

  volatile.stop();
  durable.stop();
  socket.disconnect();
  for (const person of [desk, sofie, counsellor]) person.leave();
}, 60_000);
