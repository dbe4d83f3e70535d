import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { attach, endConversation, reportTookPlace } from '#shared/conversation/calls.ts';
import { holdClip } from '#shared/klippekort/calls.ts';
import {
  joinQueue,
  leaveQueue,
  lookIn,
  requestChallenge,
  returnToQueue,
  standAgain,
  takeNext
} from '#shared/queue/calls.ts';
import { chairMayBeEmpty, mayAskForAnother } from '#shared/queue/patience.ts';
import { answerOffer, offerHandOver, openPair, withdrawOffer } from '#shared/roster/calls.ts';
import { openDesk, setShift } from '#shared/shift/calls.ts';
import { messageFrame } from '#shared/wire/frame.ts';
import { SeveralNodes, type ANode } from '#tests/support/several-nodes.ts';
import {
  aCounsellor,
  aVisitor,
  connect,
  join,
  signIn,
  valueOf,
  young,
  type Person
} from '#tests/support/people.ts';

let now = Date.now();
const clock = { now: () => now };
let house: SeveralNodes;
let [a, b, c]: ANode[] = [];
beforeAll(async () => {
  house = await SeveralNodes.start(clock);
});
afterAll(() => house.stop());

const refused = (refusal: string) => ({ ok: false, refusal });
const soon = { timeout: 8_000, interval: 50 };
const nodes = () => {
  if (!a || !b || !c) throw new Error('no nodes');
  return { a, b, c };
};

beforeEach(async () => {
  a ??= await house.node();
  b ??= await house.node();
  c ??= await house.node();
});

/** Their desks at one node, their conversation's socket at another, the visitor at a third. */
async function apart() {
  const { a, b, c } = nodes();
  const visitor = await aVisitor(a);
  const mine = await join(visitor);
  const desk = await aCounsellor(b);
  const told = visitor.hears('queue:taken');
  const taken = await vi.waitUntil(async () => {
    const answer = await desk.ask(takeNext, {});
    return answer.ok ? answer.value : null;
  }, soon);
  expect(taken.conversation).toBe(mine.conversation);
  await told;
  const counsellor = await connect(c, { cookie: desk.cookie, as: 'staff' });
  await valueOf(visitor.ask(attach, { capability: mine.capability, expected: 1 }));
  await valueOf(counsellor.ask(attach, { capability: taken.capability, expected: 1 }));
  const end = async () => {
    await visitor.ask(endConversation, {});
    for (const person of [visitor, desk, counsellor]) person.leave();
  };
  return { visitor, desk, counsellor, mine, taken, end };
}

const queueOf = async (desk: Person) => (await valueOf(desk.ask(openDesk, {}))).queue;

describe('three nodes are one house', () => {
  test('a conversation whose three sockets are at three nodes', async () => {
    const { visitor, counsellor, desk, end } = await apart();
    visitor.send(messageFrame(1, 1, Uint8Array.of(7)));
    expect((await counsellor.nextMessage()).at(-1)).toBe(7);
    counsellor.send(messageFrame(1, 1, Uint8Array.of(8)));
    expect((await visitor.nextMessage()).at(-1)).toBe(8);
    const look = async () => (await valueOf(desk.ask(openDesk, {}))).colleagues;
    await vi.waitUntil(async () => (await look())[0]?.conversations === 1, soon);
    const closed = counsellor.hears('conversation:closed');
    await valueOf(visitor.ask(endConversation, {}));
    await closed;
    await end();
  });

  test('the street and every desk see the same house', async () => {
    const { a, b, c } = nodes();
    const desk = await aCounsellor(b, 'sofie');
    const waits = await aVisitor(a);
    await join(waits);
    const passer = await aVisitor(c);
    const house = () => valueOf(passer.ask(lookIn, {}));
    await vi.waitUntil(async () => {
      const { onShift, waiting } = await house();
      return onShift > 0 && waiting === 1;
    }, soon);
    const other = await aCounsellor(c);
    const names = async () => {
      const { colleagues } = await valueOf(other.ask(openDesk, {}));
      return colleagues.filter(({ shift }) => shift === 'on').map(({ name }) => name);
    };
    await vi.waitUntil(async () => (await names()).includes('Sofie'), soon);
    expect(await queueOf(other)).toHaveLength(1);
    await valueOf(desk.ask(setShift, { state: 'off' }));
    await vi.waitUntil(async () => !(await names()).includes('Sofie'), soon);
    waits.leave();
    await vi.waitUntil(async () => (await queueOf(other))[0]?.here === false, soon);
    const { conversation } = await valueOf(other.ask(takeNext, {})).catch(() => ({
      conversation: null
    }));
    expect(conversation).toBeNull();
    for (const person of [desk, other, passer]) person.leave();
  });

  test('a proof of work is good once, at whichever node', async () => {
    const { a, b } = nodes();
    const [one, other] = await Promise.all([aVisitor(a), aVisitor(b)]);
    const { challenge } = await valueOf(one.ask(requestChallenge, {}));
    const solution = await solveChallenge({ challenge, deriveKey });
    const proof = JSON.stringify({ challenge, solution });
    const answers = await Promise.all(
      [one, other].map((person) => person.ask(joinQueue, { visitor: young, proof }))
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toEqual(refused('proof-used'));
    for (const person of [one, other]) person.leave();
    const desk = await aCounsellor(a);
    await vi.waitUntil(async () => (await queueOf(desk)).every(({ here }) => !here), soon);
    desk.leave();
  });

  test('wrong tags of clips are counted together, and starts make work for everybody', async () => {
    const { a, b, c } = nodes();
    const visitors = await Promise.all([a, b, c].map((node) => aVisitor(node)));
    const [first] = visitors;
    if (!first) throw new Error('nobody');
    const { capability } = await join(first);
    // The base point of ristretto255 (RFC 9496, A.1).
    const element = 'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76';
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
    const guess = () => ({
      ...({ capability, holder: 'young-under-18', stage: 'ordinary' } as const),
      epoch: new Date(now).getUTCFullYear(),
      nonce: text(randomBytes(32)),
      blindedNext: text(Buffer.from(element, 'hex')),
      blindedRefund: text(Buffer.from(element, 'hex')),
      tag: text(randomBytes(32))
    });
    const answers = await Promise.all(
      Array.from({ length: 9 }, async (_, n) => visitors[n % 3]?.ask(holdClip, guess()))
    );
    const refusals = answers.map((answer) => (answer && !answer.ok ? answer.refusal : 'ok'));
    expect(refusals.filter((one) => one === 'wrong-tag')).toHaveLength(5);
    expect(refusals.filter((one) => one === 'too-many-guesses')).toHaveLength(4);
    const many = await Promise.all([a, b, c, a, b, c].map((node) => aVisitor(node)));
    await Promise.all(
      many.map(async (one) => {
        for (let n = 0; n < 30; n += 1) await valueOf(one.ask(requestChallenge, {}));
      })
    );
    const { challenge } = await valueOf(first.ask(requestChallenge, {}));
    const { counter } = (await solveChallenge({ challenge, deriveKey })) ?? {};
    // Three times as much as a quiet house asks for at most.
    expect(counter).toBeGreaterThan(200);
    await valueOf(first.ask(leaveQueue, {}));
    for (const one of [...visitors, ...many]) one.leave();
  });

  test('wrong passwords are counted together', async () => {
    const { a, b, c } = nodes();
    const tries = Array.from({ length: 12 }, (_, n) =>
      fetch(`${[a, b, c][n % 3]?.origin}/desk/sign-in`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: [a, b, c][n % 3]?.origin ?? ''
        },
        body: JSON.stringify({ name: 'nobody-of-that-name', password: 'wrong' })
      }).then(({ status }) => status)
    );
    const answers = await Promise.all(tries);
    expect(answers.filter((status) => status === 401)).toHaveLength(6);
    expect(answers.filter((status) => status === 429)).toHaveLength(6);
  });
});

describe('nobody is left waiting unseen', () => {
  test('whose counsellor’s node has died stands in the queue again, once', async () => {
    const { a, b, c: dying } = nodes();
    const { visitor, counsellor, desk, mine } = await apart();
    const told = visitor.hears('queue:returned');
    counsellor.leave();
    c = undefined;
    await dying.die();
    // Until the others have seen that it is gone, no time has passed for them.
    await new Promise((lease) => setTimeout(lease, 5_500));
    now += chairMayBeEmpty;
    expect(await told).toEqual({ why: 'counsellor-away' });
    const back = await aVisitor(b);
    const place = await valueOf(back.ask(returnToQueue, { capability: mine.capability }));
    expect(place).toMatchObject({ state: 'waiting', returned: 'counsellor-away' });
    const again = await vi.waitUntil(async () => {
      const answer = await desk.ask(takeNext, {});
      return answer.ok ? answer.value : null;
    }, soon);
    expect(again.conversation).toBe(mine.conversation);
    expect(await desk.ask(takeNext, {})).toEqual(refused('queue-empty'));
    await valueOf(back.ask(attach, { capability: place.capability, expected: 1 }));
    await valueOf(back.ask(endConversation, {}));
    for (const person of [visitor, back, desk]) person.leave();
    expect(a.app).not.toBe(b.app);
  });

  test('a counsellor who sits at another node than the desk is not away', async () => {
    const { visitor, desk, end, taken, mine } = await apart();
    now += 2 * chairMayBeEmpty;
    await new Promise((looks) => setTimeout(looks, 2_500));
    const isIn = ({ id }: { id: string }) => mine.conversation.startsWith(id);
    expect((await queueOf(desk)).some(isIn)).toBe(false);
    // And the desk may take three more.
    const { a } = nodes();
    const more = await Promise.all([1, 2, 3].map(async () => aVisitor(a)));
    const rights = await Promise.all(more.map((one) => join(one)));
    for (const _ of more) await vi.waitUntil(async () => (await desk.ask(takeNext, {})).ok, soon);
    expect(await desk.ask(takeNext, {})).toEqual(refused('too-many-conversations'));
    expect(taken.conversation).toBe(mine.conversation);
    expect(visitor.socket.connected).toBe(true);
    for (const [n, one] of more.entries()) {
      await valueOf(one.ask(attach, { capability: rights[n]?.capability ?? '', expected: 1 }));
      await valueOf(one.ask(endConversation, {}));
      one.leave();
    }
    await end();
  });

  test('the visitor may ask for another where they are', async () => {
    const { visitor, counsellor, desk, mine, end } = await apart();
    await valueOf(counsellor.ask(reportTookPlace, {}));
    expect(await visitor.ask(standAgain, { capability: mine.capability })).toEqual(
      refused('counsellor-here')
    );
    const left = visitor.hears('conversation:presence-changed');
    counsellor.leave();
    await left;
    const stand = () => visitor.ask(standAgain, { capability: mine.capability });
    await vi.waitUntil(async () => {
      const answer = await stand();
      return !answer.ok && answer.refusal === 'too-soon';
    }, soon);
    now += mayAskForAnother;
    expect(await stand()).toMatchObject({ ok: true });
    await vi.waitUntil(async () => (await queueOf(desk)).some(({ again }) => again), soon);
    await end();
  });
});

describe('a colleague at another node', () => {
  test('is asked, and answers once; who asked is told', async () => {
    const { a } = nodes();
    const { counsellor, desk, taken, end } = await apart();
    const [first, second] = await Promise.all([aCounsellor(a, 'sofie'), aCounsellor(a, 'sofie')]);
    const sofie = await vi.waitUntil(async () => {
      const { colleagues } = await valueOf(desk.ask(openDesk, {}));
      return colleagues.find(({ name, shift }) => name === 'Sofie' && shift === 'on')?.id;
    }, soon);
    const asked = first.hears('roster:hand-over-offered');
    const answered = desk.hears('roster:offer-answered');
    const { id } = await valueOf(
      counsellor.ask(offerHandOver, {
        capability: taken.capability,
        to: sofie,
        purpose: 'hand-over'
      })
    );
    expect(await asked).toMatchObject({ id, from: 'Mikkel' });
    const answers = await Promise.all([
      first.ask(answerOffer, { id, accept: true }),
      second.ask(answerOffer, { id, accept: true })
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await answered).toMatchObject({ id, pair: { conversation: expect.any(String) } });
    expect(await counsellor.ask(withdrawOffer, { id })).toEqual(refused('unknown-offer'));
    await end();
    for (const person of [first, second]) person.leave();
  });

  test('a room ends at its node with the conversation', async () => {
    const { a } = nodes();
    const { counsellor, taken, end } = await apart();
    const room = await valueOf(
      counsellor.ask(openPair, { capability: taken.capability, answering: 'guest' })
    );
    const guest = await aVisitor(a);
    await valueOf(guest.ask(attach, { capability: room.answering, expected: 1 }));
    const closed = guest.hears('conversation:closed');
    await end();
    await closed;
    guest.leave();
  });
});

test('who is suspended is out at every node within two seconds', async () => {
  const { a, b, c } = nodes();
  const cookie = await signIn(b, 'sofie');
  const sockets = await Promise.all(
    [a, b, c].map((node) => connect(node, { cookie, as: 'staff' }))
  );
  const gone = sockets.map(({ socket }) => new Promise((left) => socket.once('disconnect', left)));
  const began = performance.now();
  await a.app.withdrawCounsellor(await house.accountOf('sofie'));
  await Promise.all(gone);
  expect(performance.now() - began).toBeLessThan(2_000);
});
