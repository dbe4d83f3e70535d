import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { attach, conversationClosed, endConversation } from '#shared/conversation/calls.ts';
import { recordDecision } from '#shared/klippekort/calls.ts';
import { returnToQueue, visitorReturned } from '#shared/queue/calls.ts';
import {
  answerOffer,
  handOverOffered,
  mostPairs,
  offerAnswered,
  offerHandOver,
  offerOver,
  openPair,
  withdrawOffer
} from '#shared/roster/calls.ts';
import { openDesk } from '#shared/shift/calls.ts';
import type { ContentOf } from '#shared/wire/define-news.ts';
import { messageFrame } from '#shared/wire/frame.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import {
  aConversation,
  aCounsellor,
  aVisitor,
  connect,
  everybodyLeaves,
  signIn,
  valueOf,
  type Person
} from '#tests/support/people.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterEach(() => everybodyLeaves(app));
afterAll(() => app.stop());

const refused = (refusal: string) => ({ ok: false, refusal });
const strange = 'A'.repeat(99);

async function aPair(answering: 'me' | 'guest' = 'guest') {
  const base = await aConversation(app);
  const pair = await valueOf(
    base.desk.ask(openPair, { capability: base.counsellorToken, answering })
  );
  return { ...base, pair };
}

const attached = async (person: Person, capability: string) => {
  await valueOf(person.ask(attach, { capability, expected: 1 }));
  return person;
};

describe('a room for two of a conversation', () => {
  test('carries frames between two who have no account', async () => {
    const { pair } = await aPair();
    const asking = await attached(await aVisitor(app), pair.asking);
    const answering = await attached(await aVisitor(app), pair.answering);
    asking.send(messageFrame(1, 1, Uint8Array.of(7)));
    expect((await answering.nextMessage()).at(-1)).toBe(7);
  });

  test('is opened from a pair as well as from the conversation', async () => {
    const { desk, pair } = await aPair('me');
    const more = await valueOf(desk.ask(openPair, { capability: pair.answering, answering: 'me' }));
    expect(more.conversation).not.toBe(pair.conversation);
  });

  test('is opened by nobody else: no visitor, no colleague, no lead, with no guessed right', async () => {
    const { visitor, visitorToken, counsellorToken, desk, pair } = await aPair('me');
    const ask = (who: Person, capability: string) =>
      who.ask(openPair, { capability, answering: 'guest' as const });
    expect(await ask(visitor, counsellorToken)).toEqual(refused('not-allowed'));
    const lead = await connect(app, { cookie: await signIn(app, 'karen'), as: 'staff' });
    expect(await ask(lead, counsellorToken)).toEqual(refused('not-allowed'));
    const colleague = await aCounsellor(app, 'sofie');
    for (const capability of [counsellorToken, pair.answering, visitorToken, pair.asking, strange])
      expect(await ask(colleague, capability)).toEqual(refused('unknown-capability'));
    for (const capability of [visitorToken, pair.asking, strange])
      expect(await ask(desk, capability)).toEqual(refused('unknown-capability'));
  });

  test('there are six at most, and a closed one makes room', async () => {
    const { desk, counsellorToken, pair } = await aPair();
    const again = () => desk.ask(openPair, { capability: counsellorToken, answering: 'guest' });
    for (let opened = 1; opened < mostPairs; opened += 1) await valueOf(again());
    expect(await again()).toEqual(refused('too-many-people'));
    const one = await attached(await aVisitor(app), pair.asking);
    await valueOf(one.ask(endConversation, {}));
    expect((await again()).ok).toBe(true);
  });

  test('a side that is bound to an account is refused to everybody else', async () => {
    const { pair, desk } = await aPair('me');
    const capability = pair.answering;
    const somebody = await aVisitor(app);
    expect(await somebody.ask(attach, { capability, expected: 1 })).toEqual(
      refused('unknown-capability')
    );
    const colleague = await aCounsellor(app, 'sofie');
    const other = await connect(app, { cookie: colleague.cookie, as: 'staff' });
    expect(await other.ask(attach, { capability, expected: 1 })).toEqual(
      refused('unknown-capability')
    );
    await attached(await connect(app, { cookie: desk.cookie, as: 'staff' }), capability);
  });

  test('ends with its conversation, and nobody comes back to it', async () => {
    const { pair, visitor } = await aPair();
    const asking = await attached(await aVisitor(app), pair.asking);
    const closed = asking.hears(conversationClosed.name);
    await valueOf(visitor.ask(endConversation, {}));
    await closed;
    const late = await aVisitor(app);
    expect(await late.ask(attach, { capability: pair.answering, expected: 1 })).toEqual(
      refused('conversation-closed')
    );
  });

  test('its end ends no conversation', async () => {
    const { pair, visitor, counsellor } = await aPair();
    const asking = await attached(await aVisitor(app), pair.asking);
    await valueOf(asking.ask(endConversation, {}));
    visitor.send(messageFrame(1, 1, Uint8Array.of(9)));
    expect((await counsellor.nextMessage()).at(-1)).toBe(9);
  });

  test('is no place in the queue, and no card belongs to it', async () => {
    const { pair, desk } = await aPair('me');
    const guest = await aVisitor(app);
    expect(await guest.ask(returnToQueue, { capability: pair.asking })).toEqual(
      refused('unknown-capability')
    );
    expect(
      await desk.ask(recordDecision, { capability: pair.answering, decision: 'stop' })
    ).toEqual(refused('unknown-capability'));
  });

  test('counts as no conversation of the counsellor', async () => {
    const { pair, desk } = await aPair('me');
    await attached(await connect(app, { cookie: desk.cookie, as: 'staff' }), pair.answering);
    const { colleagues } = await valueOf(desk.ask(openDesk, {}));
    expect(colleagues).toContainEqual(
      expect.objectContaining({ name: 'Mikkel', conversations: 1 })
    );
  });
});

type Offered = ContentOf<typeof handOverOffered>;

async function anOffer() {
  const base = await aConversation(app);
  const sofie = await aCounsellor(app, 'sofie');
  const { colleagues } = await valueOf(base.desk.ask(openDesk, {}));
  const to = colleagues.find(({ name }) => name === 'Sofie')?.id ?? '';
  const told = sofie.hears(handOverOffered.name) as Promise<Offered>;
  const asked = { capability: base.counsellorToken, to, purpose: 'hand-over' } as const;
  const { id } = await valueOf(base.desk.ask(offerHandOver, asked));
  return { ...base, sofie, to, id, asked, offered: await told };
}

describe('asking a colleague', () => {
  test('tells that colleague who waits, and a yes gives the right to decide and a room with who asked', async () => {
    const { desk, sofie, id, offered, conversation } = await anOffer();
    expect(offered).toEqual({
      id,
      from: 'Mikkel',
      purpose: 'hand-over',
      visitor: { kind: 'young', age: 'under-18', language: 'da' }
    });
    const answered = desk.hears(offerAnswered.name) as Promise<ContentOf<typeof offerAnswered>>;
    const { seat } = await valueOf(sofie.ask(answerOffer, { id, accept: true }));
    expect(seat?.conversation).toBe(conversation);
    const { pair } = await answered;
    expect(pair?.conversation).toBe(seat?.pair.conversation);
    const staff = (cookie: string) => connect(app, { cookie, as: 'staff' });
    const first = await attached(await staff(desk.cookie), pair?.capability ?? '');
    const second = await attached(await staff(sofie.cookie), seat?.pair.capability ?? '');
    first.send(messageFrame(1, 1, Uint8Array.of(5)));
    expect((await second.nextMessage()).at(-1)).toBe(5);
    // The right to decide: refused only because there is no card, not because of who asks.
    const decided = { capability: seat?.capability ?? '', decision: 'stop' } as const;
    expect(await sofie.ask(recordDecision, decided)).not.toEqual(refused('unknown-capability'));
    expect(await desk.ask(recordDecision, decided)).toEqual(refused('unknown-capability'));
  });

  test('a no, and an offer that is taken back, leave nothing', async () => {
    const { desk, sofie, id, asked } = await anOffer();
    const answered = desk.hears(offerAnswered.name);
    await valueOf(sofie.ask(answerOffer, { id, accept: false }));
    expect(await answered).toEqual({ id, pair: null });
    const next = await valueOf(desk.ask(offerHandOver, asked));
    const over = sofie.hears(offerOver.name);
    await valueOf(desk.ask(withdrawOffer, next));
    expect(await over).toEqual(next);
    for (const one of [{ id }, next])
      expect(await sofie.ask(answerOffer, { ...one, accept: true })).toEqual(
        refused('unknown-offer')
      );
  });

  test('what is not yours is as what does not exist', async () => {
    const { desk, sofie, id, to, counsellorToken, visitor } = await anOffer();
    const nothing = '00000000-0000-4000-8000-000000000000';
    for (const one of [id, nothing]) {
      expect(await desk.ask(answerOffer, { id: one, accept: true })).toEqual(
        refused('unknown-offer')
      );
      expect(await sofie.ask(withdrawOffer, { id: one })).toEqual(refused('unknown-offer'));
      expect(await visitor.ask(answerOffer, { id: one, accept: true })).toEqual(
        refused('not-allowed')
      );
    }
    const asked = { to, purpose: 'second' } as const;
    for (const capability of [counsellorToken, strange])
      expect(await sofie.ask(offerHandOver, { ...asked, capability })).toEqual(
        refused('unknown-capability')
      );
  });

  test('only somebody else who is on shift can be asked, and one at a time', async () => {
    const { desk, asked, to } = await anOffer();
    expect(await desk.ask(offerHandOver, asked)).toEqual(refused('already-offered'));
    const { colleagues } = await valueOf(desk.ask(openDesk, {}));
    const own = colleagues.find(({ id }) => id !== to)?.id ?? '';
    for (const other of [own, 'A'.repeat(22)])
      expect(await desk.ask(offerHandOver, { ...asked, to: other })).toEqual(
        refused('unknown-colleague')
      );
  });

  test('a conversation that ends takes its offer with it', async () => {
    const { visitor, sofie, id } = await anOffer();
    const over = sofie.hears(offerOver.name);
    await valueOf(visitor.ask(endConversation, {}));
    expect(await over).toEqual({ id });
  });
});

describe('a colleague who has come in', () => {
  async function twoCounsellors() {
    const offer = await anOffer();
    const answered = offer.desk.hears(offerAnswered.name);
    const { seat } = await valueOf(offer.sofie.ask(answerOffer, { id: offer.id, accept: true }));
    await answered;
    const room = await connect(app, { cookie: offer.sofie.cookie, as: 'staff' });
    await attached(room, seat?.pair.capability ?? '');
    return { ...offer, room, seat };
  }
  const holds = async (desk: Person, name: string) => {
    const { colleagues } = await valueOf(desk.ask(openDesk, {}));
    return colleagues.find((one) => one.name === name)?.conversations;
  };

  test('holds one conversation more, and lets go of it', async () => {
    const { desk, room } = await twoCounsellors();
    expect(await holds(desk, 'Sofie')).toBe(1);
    expect(await holds(desk, 'Mikkel')).toBe(1);
    room.leave();
    await expect.poll(() => holds(desk, 'Sofie')).toBe(0);
  });

  test('goes on when the first is gone and has to stop; when the colleague has to, it goes back', async () => {
    const { visitor, counsellor, counsellorToken, seat, desk } = await twoCounsellors();
    counsellor.leave();
    await expect.poll(() => holds(desk, 'Mikkel')).toBe(0);
    const returned = visitor.hears(visitorReturned.name);
    await app.app.withdrawCounsellor(accountOf(counsellorToken));
    const nothing = new Promise((resolve) => setTimeout(() => resolve('nothing'), 500));
    expect(await Promise.race([returned, nothing])).toBe('nothing');
    await app.app.withdrawCounsellor(accountOf(seat?.capability ?? ''));
    expect(await returned).toEqual({ why: 'counsellor-gone' });
  });
});

/** The account that a right is bound to. */
const accountOf = (capability: string): string =>
  Buffer.from(capability, 'base64url')
    .toString('hex', 26, 42)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
