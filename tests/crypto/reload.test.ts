import { beforeEach, describe, expect, it } from 'vitest';
import { sodium } from '#shared/crypto/sodium.ts';
import {
  aCounsellor,
  aSecuredPair,
  aVisitor,
  carry,
  clock,
  NOW,
  openTexts,
  refusalsIn,
  sealText,
  securedIn
} from './two-parties.ts';

const restart = Uint8Array.of(6);

beforeEach(() => {
  clock.time = NOW;
});

describe('the visitor reloads', () => {
  it('and continues with the resume key', async () => {
    const { visitorSecured, counsellor } = await aSecuredPair();
    const visitor = await aVisitor({ resumeKey: visitorSecured.resumeKey });
    const heard = await carry(visitor, counsellor, 'visitor', await visitor.start());
    const [mine, theirs] = [securedIn(heard.visitor), securedIn(heard.counsellor)];
    expect([mine.resumed, theirs.resumed]).toEqual([true, true]);
    expect(mine.shortCode).toBe(theirs.shortCode);
    expect(mine.resumeKey).toEqual(theirs.resumeKey);
    expect(mine.resumeKey).not.toEqual(visitorSecured.resumeKey);
    expect(await openTexts(counsellor, await sealText(visitor, 'back'))).toEqual(['back']);
    expect(await openTexts(visitor, await sealText(counsellor, 'good'))).toEqual(['good']);
  });

  it('and frames sealed before still open, until the first of the new session does', async () => {
    const { visitor: before, visitorSecured, counsellor } = await aSecuredPair();
    const [early, late] = [await sealText(before, 'early'), await sealText(before, 'late')];
    const visitor = await aVisitor({ resumeKey: visitorSecured.resumeKey });
    await carry(visitor, counsellor, 'visitor', await visitor.start());
    expect(await openTexts(counsellor, early)).toEqual(['early']);
    expect(await openTexts(counsellor, await sealText(visitor, 'new'))).toEqual(['new']);
    expect(await openTexts(counsellor, late)).toEqual(['unknown-session']);
  });

  it.each([
    ['a wrong key', () => sodium.randombytes_buf(32)],
    ['no key', () => undefined]
  ])('with %s is not the same visitor, and the session goes on', async (_name, key) => {
    const { visitor, counsellor } = await aSecuredPair();
    const resumeKey = key();
    const stranger = await aVisitor(resumeKey ? { resumeKey } : {});
    const heard = await carry(stranger, counsellor, 'visitor', await stranger.start());
    expect(refusalsIn(heard.counsellor)).toEqual(['not-the-same-visitor']);
    expect(heard.frames).toHaveLength(1);
    expect(await openTexts(counsellor, await sealText(visitor, 'here'))).toEqual(['here']);
  });

  it('and finds a counsellor that knows nothing', async () => {
    const { visitorSecured } = await aSecuredPair();
    const visitor = await aVisitor({ resumeKey: visitorSecured.resumeKey });
    const heard = await carry(visitor, await aCounsellor(), 'visitor', await visitor.start());
    expect(refusalsIn(heard.counsellor)).toEqual(['cannot-resume']);
  });

  it('in the moment when only the counsellor is done, and still continues', async () => {
    const { visitorSecured, counsellor } = await aSecuredPair();
    const { resumeKey } = visitorSecured;
    const loseReady = (frame: Uint8Array) => (frame[0] === 4 ? Uint8Array.of(0) : frame);
    // Twice in a row: what the visitor never heard of does not push out what it has.
    for (const lost of [await aVisitor({ resumeKey }), await aVisitor({ resumeKey })]) {
      const half = await carry(lost, counsellor, 'visitor', await lost.start(), loseReady);
      expect(securedIn(half.counsellor).resumed).toBe(true);
    }

    const visitor = await aVisitor({ resumeKey });
    const heard = await carry(visitor, counsellor, 'visitor', await visitor.start());
    expect(securedIn(heard.visitor).resumeKey).toEqual(securedIn(heard.counsellor).resumeKey);
    expect(await openTexts(counsellor, await sealText(visitor, 'back'))).toEqual(['back']);
    // From here on the old key is worth nothing.
    const replay = await aVisitor({ resumeKey });
    const late = await carry(replay, counsellor, 'visitor', await replay.start());
    expect(refusalsIn(late.counsellor)).toEqual(['not-the-same-visitor']);
  });

  it('before anything was secured, and the old REPLY is left aside', async () => {
    const counsellor = await aCounsellor();
    const gone = await aVisitor();
    const [oldHello = restart] = await gone.start();
    const { send: oldReply } = await counsellor.receive(oldHello);
    const visitor = await aVisitor();
    const hello = await visitor.start();
    const stale = await visitor.receive(oldReply[0] ?? restart);
    expect(stale.events).toEqual([{ kind: 'refused', refusal: 'other-hello', fatal: false }]);
    const heard = await carry(visitor, counsellor, 'visitor', hello);
    expect(securedIn(heard.visitor).resumed).toBe(false);
  });
});

describe('the counsellor reloads', () => {
  it('asks for a new HELLO and continues', async () => {
    const { visitor, counsellorSecured } = await aSecuredPair();
    clock.time += 5000;
    const counsellor = await aCounsellor({ resumeKey: counsellorSecured.resumeKey });
    const asked = await counsellor.start();
    expect(asked).toEqual([restart]);
    const heard = await carry(visitor, counsellor, 'counsellor', asked);
    expect([securedIn(heard.visitor).resumed, securedIn(heard.counsellor).resumed]).toEqual([
      true,
      true
    ]);
    expect(await openTexts(counsellor, await sealText(visitor, 'hi'))).toEqual(['hi']);
    expect(await openTexts(visitor, await sealText(counsellor, 'hi'))).toEqual(['hi']);
  });

  it('with a wrong key refuses the visitor, who keeps the session', async () => {
    const { visitor } = await aSecuredPair();
    clock.time += 5000;
    const stranger = await aCounsellor({ resumeKey: sodium.randombytes_buf(32) });
    const heard = await carry(visitor, stranger, 'counsellor', await stranger.start());
    expect(refusalsIn(heard.counsellor)).toEqual(['not-the-same-visitor']);
    expect((await visitor.seal(new Uint8Array())).kind).toBe('sealed');
  });

  it('and a new page without a key asks only when it is told to ask again', async () => {
    const counsellor = await aCounsellor();
    expect(await counsellor.start()).toEqual([]);
    expect(await counsellor.start()).toEqual([restart]);
  });
});

it('both reload', async () => {
  const { visitorSecured, counsellorSecured } = await aSecuredPair();
  const visitor = await aVisitor({ resumeKey: visitorSecured.resumeKey });
  const counsellor = await aCounsellor({ resumeKey: counsellorSecured.resumeKey });
  const asked = await counsellor.start();
  const hello = await visitor.start();
  expect(refusalsIn((await visitor.receive(asked[0] ?? restart)).events)).toEqual(['too-soon']);
  const heard = await carry(visitor, counsellor, 'visitor', hello);
  expect(securedIn(heard.visitor).shortCode).toBe(securedIn(heard.counsellor).shortCode);
  expect(securedIn(heard.visitor).resumed).toBe(true);
});

describe('a forged RESTART', () => {
  it('is answered once in three seconds and leaves the session open', async () => {
    const { visitor, counsellor } = await aSecuredPair();
    expect(refusalsIn((await visitor.receive(restart)).events)).toEqual(['too-soon']);
    clock.time += 3000;
    expect((await visitor.receive(restart)).send).toHaveLength(1);
    expect(refusalsIn((await visitor.receive(restart)).events)).toEqual(['too-soon']);
    expect(await openTexts(counsellor, await sealText(visitor, 'on'))).toEqual(['on']);
    expect(await openTexts(visitor, await sealText(counsellor, 'we go'))).toEqual(['we go']);
  });

  it('between FINISH and READY does not lose the READY', async () => {
    const [visitor, counsellor] = [await aVisitor(), await aCounsellor()];
    const [hello = restart] = await visitor.start();
    const [reply = restart] = (await counsellor.receive(hello)).send;
    const [finish = restart] = (await visitor.receive(reply)).send;
    clock.time += 5000;
    expect((await visitor.receive(restart)).send).toHaveLength(1);
    const [ready = restart] = (await counsellor.receive(finish)).send;
    expect(securedIn((await visitor.receive(ready)).events).resumed).toBe(false);
    expect(await openTexts(counsellor, await sealText(visitor, 'hi'))).toEqual(['hi']);
  });

  it('before start or with a body is refused', async () => {
    const visitor = await aVisitor();
    expect(refusalsIn((await visitor.receive(restart)).events)).toEqual(['out-of-order']);
    expect(refusalsIn((await visitor.receive(Uint8Array.of(6, 1))).events)).toEqual(['malformed']);
  });
});

it('a replayed HELLO of the session before cannot replace the one in use', async () => {
  const first = await aSecuredPair();
  const visitor = await aVisitor({ resumeKey: first.visitorSecured.resumeKey });
  const hello = await visitor.start();
  await carry(visitor, first.counsellor, 'visitor', hello);
  await first.counsellor.receive(await sealText(visitor, 'in use'));
  for (const old of [...hello, first.frames[0] ?? restart]) {
    const { events, send } = await first.counsellor.receive(old);
    expect(send).toEqual([]);
    expect(refusalsIn(events)).toEqual(['not-the-same-visitor']);
  }
});

it('an answer that continues from a session no longer kept is dropped', async () => {
  const { visitorSecured, counsellor } = await aSecuredPair();
  const { resumeKey } = visitorSecured;
  const visitor = await aVisitor({ resumeKey });
  await carry(visitor, counsellor, 'visitor', await visitor.start());
  const other = await aVisitor({ resumeKey });
  const [hello = restart] = await other.start();
  const [reply = restart] = (await counsellor.receive(hello)).send;
  const [finish = restart] = (await other.receive(reply)).send;
  expect(await openTexts(counsellor, await sealText(visitor, 'in use'))).toEqual(['in use']);
  expect(refusalsIn((await counsellor.receive(finish)).events)).toEqual(['out-of-order']);
  expect(await openTexts(counsellor, await sealText(visitor, 'still'))).toEqual(['still']);
});

it('old and new session overlap on both sides while both keep writing', async () => {
  const { visitor, counsellor } = await aSecuredPair();
  clock.time += 5000;
  const [hello = restart] = (await visitor.receive(restart)).send;
  const [reply = restart] = (await counsellor.receive(hello)).send;
  const fromCounsellor = await sealText(counsellor, 'old to visitor');
  const [finish = restart] = (await visitor.receive(reply)).send;
  const fromVisitor = await sealText(visitor, 'old to counsellor');
  const [ready = restart] = (await counsellor.receive(finish)).send;
  expect(await openTexts(counsellor, fromVisitor)).toEqual(['old to counsellor']);
  await visitor.receive(ready);
  expect(await openTexts(visitor, fromCounsellor)).toEqual(['old to visitor']);
  expect(await openTexts(visitor, await sealText(counsellor, 'new'))).toEqual(['new']);
  expect(await openTexts(counsellor, await sealText(visitor, 'new'))).toEqual(['new']);
});
