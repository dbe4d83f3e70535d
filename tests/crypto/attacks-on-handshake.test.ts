import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutBytes } from '#shared/crypto/fields.ts';
import {
  finishLayout,
  helloLayout,
  readyLayout,
  replyLayout
} from '#shared/crypto/handshake-frames.ts';
import { answerHello, confirmFinish } from '#shared/crypto/counsellor-handshake.ts';
import { acceptReply, offerHello } from '#shared/crypto/visitor-handshake.ts';
import { sodium } from '#shared/crypto/sodium.ts';
import {
  aCounsellor,
  aCounsellorKey,
  aSecuredPair,
  aVisitor,
  carry,
  flipBit,
  NOW,
  organisation,
  refusalsIn,
  replaceAt,
  room
} from './two-parties.ts';

const layouts = { 1: helloLayout, 2: replyLayout, 3: finishLayout, 4: readyLayout } as const;
const names = { 1: 'HELLO', 2: 'REPLY', 3: 'FINISH', 4: 'READY' } as const;
type Kind = keyof typeof layouts;
const kinds = [1, 2, 3, 4] as const;

/** A handshake through a relay that changes every frame of one kind. */
async function handshakeWith(kind: Kind, change: (frame: Uint8Array) => Uint8Array) {
  const [visitor, counsellor] = [await aVisitor(), await aCounsellor()];
  const alter = (frame: Uint8Array) => (frame[0] === kind ? change(frame) : frame);
  const heard = await carry(visitor, counsellor, 'visitor', await visitor.start(), alter);
  return { visitor, counsellor, heard };
}

async function expectRefused(kind: Kind, change: (frame: Uint8Array) => Uint8Array) {
  const { visitor, counsellor, heard } = await handshakeWith(kind, change);
  const events = [...heard.visitor, ...heard.counsellor];
  expect(refusalsIn(events).length).toBeGreaterThan(0);
  expect(heard.visitor.some((event) => event.kind === 'secured')).toBe(false);
  expect((await visitor.seal(new Uint8Array())).kind).toBe('refused');
  // Only a changed READY is noticed after the counsellor is done.
  expect((await counsellor.seal(new Uint8Array())).kind).toBe(kind === 4 ? 'sealed' : 'refused');
}

/** Every field of every frame, as the table says: key, room, session id, ciphertext, header, MAC, reveal … */
const fields = kinds.flatMap((kind) => {
  let offset = 1;
  return Object.entries(layouts[kind]).map(([field, length]) => {
    const at = offset;
    offset += length;
    return { frame: names[kind], kind, field, at, length };
  });
});

describe.each(fields)('$frame $field', ({ kind, at, length }) => {
  it('swapped for that of another conversation is refused', async () => {
    const other = await aSecuredPair();
    const donor = other.frames[kind - 1] ?? new Uint8Array();
    const part = donor.slice(at, at + length);
    await expectRefused(kind, (frame) => {
      const swapped = replaceAt(frame, at, part);
      // Equal in both conversations: room, version, bind, and auth. Then something else stands in.
      const isSame = String(swapped) === String(frame);
      return isSame ? replaceAt(frame, at, sodium.randombytes_buf(length)) : swapped;
    });
  });
});

describe.each(kinds.map((kind) => ({ kind, frame: names[kind] })))('$frame', ({ kind }) => {
  const bits = layoutBytes(layouts[kind]) * 8;
  // All bits of the short frames; of the long ones every 11th, which meets each field and each bit of a byte.
  const step = bits > 2000 ? 11 : 1;

  it('with one bit flipped is refused', { timeout: 120_000 }, async () => {
    for (let bit = 8; bit < bits + 8; bit += step)
      await expectRefused(kind, (frame) => flipBit(frame, bit));
  });

  it('one byte short, one byte long or empty is refused', async () => {
    await expectRefused(kind, (frame) => frame.slice(0, -1));
    await expectRefused(kind, (frame) => Uint8Array.of(...frame, 0));
    await expectRefused(kind, (frame) => frame.slice(0, 1));
  });

  it('of another conversation, as a whole, is refused', async () => {
    const { frames } = await aSecuredPair();
    await expectRefused(kind, () => frames[kind - 1] ?? new Uint8Array());
  });
});

it('a REPLY to another HELLO is no reason to give up: the true one is still accepted', async () => {
  const { frames } = await aSecuredPair();
  const [visitor, counsellor] = [await aVisitor(), await aCounsellor()];
  const hello = await visitor.start();
  const early = await visitor.receive(frames[1] ?? new Uint8Array());
  expect(early.events).toEqual([{ kind: 'refused', refusal: 'other-hello', fatal: false }]);
  const heard = await carry(visitor, counsellor, 'visitor', hello);
  expect(heard.visitor.map((event) => event.kind)).toEqual(['secured']);
});

it('a forged FINISH or READY does not keep the true one from being accepted', async () => {
  const [visitor, counsellor] = [await aVisitor(), await aCounsellor()];
  const [hello = new Uint8Array()] = await visitor.start();
  const [reply = hello] = (await counsellor.receive(hello)).send;
  const [finish = hello] = (await visitor.receive(reply)).send;
  const forgedFinish = await counsellor.receive(flipBit(finish, 300));
  expect(refusalsIn(forgedFinish.events)).toEqual(['bad-confirmation']);
  const [ready = hello] = (await counsellor.receive(finish)).send;
  const forgedReady = await visitor.receive(flipBit(ready, 300));
  expect(refusalsIn(forgedReady.events)).toEqual(['bad-confirmation']);
  expect((await visitor.receive(ready)).events.map((event) => event.kind)).toEqual(['secured']);
});

it('a handshake frame that nobody waits for is refused', async () => {
  const { frames } = await aSecuredPair();
  const fresh = { visitor: await aVisitor(), counsellor: await aCounsellor() };
  for (const frame of frames.slice(1)) {
    const { events } = await fresh.visitor.receive(frame);
    expect(refusalsIn(events)).toEqual(['out-of-order']);
  }
  for (const frame of frames.slice(1)) {
    const { events } = await fresh.counsellor.receive(frame);
    expect(refusalsIn(events)).toEqual(['out-of-order']);
  }
});

it('a visitor that changes its reveal after REPLY is refused', async () => {
  const { certificate, sign } = await aCounsellorKey();
  const offer = offerHello(room);
  const own = { room, certified: { certificate, sign }, resumeKeys: [] };
  const answered = await answerHello(offer.helloBytes, own);
  if (answered.kind === 'refused') throw new Error(answered.refusal);
  const { answer } = answered;
  const trust = { organisationKey: organisation.publicKey, now: NOW };
  const cheat = { ...offer, reveal: sodium.randombytes_buf(32) };
  const accepted = acceptReply(cheat, answer.replyBytes, trust);
  if (accepted.kind === 'refused') throw new Error(accepted.refusal);
  const confirmed = confirmFinish(answer, accepted.finishing.finishBytes);
  expect(confirmed).toEqual({ kind: 'refused', refusal: 'swapped-reveal' });
});

it.each([
  ['another version', 1, 'unsupported-version'],
  ['something bound to it that two do not have', 1 + 1 + 16 + 1216 + 32 + 32 + 32, 'malformed'],
  ['a continuity MAC that nobody can check', 1 + 1393 - 32, 'cannot-resume']
])('a HELLO with %s is not answered', async (_name, at, refusal) => {
  const [visitor, counsellor] = [await aVisitor(), await aCounsellor()];
  const [hello = new Uint8Array()] = await visitor.start();
  const received = await counsellor.receive(flipBit(hello, at * 8));
  expect(received.send).toEqual([]);
  expect(refusalsIn(received.events)).toEqual([refusal]);
});

it('a public key that X-Wing refuses does not throw', async () => {
  const [visitor, counsellor] = [await aVisitor(), await aCounsellor()];
  const [hello = new Uint8Array()] = await visitor.start();
  const bad = replaceAt(hello, 1 + 1 + 16, new Uint8Array(1216).fill(255));
  expect(refusalsIn((await counsellor.receive(bad)).events)).toEqual(['malformed']);
});

describe('random bytes', () => {
  const anyFrame = fc.oneof(
    fc.uint8Array({ maxLength: 2000, size: 'max' }),
    fc
      .tuple(fc.constantFrom(...kinds), fc.infiniteStream(fc.nat(255)))
      .map(([kind, random]) =>
        Uint8Array.from({ length: 1 + layoutBytes(layouts[kind]) }, (_, at) =>
          at === 0 ? kind : (random.next().value ?? 0)
        )
      ),
    fc
      .tuple(fc.nat(255), fc.uint8Array({ maxLength: 400, size: 'max' }))
      .map(([kind, rest]) => Uint8Array.of(kind, ...rest))
  );

  it('are never more than refused, in any state', async () => {
    const waiting = await aVisitor();
    await waiting.start();
    const pair = await aSecuredPair();
    const channels = [waiting, await aCounsellor(), pair.visitor, pair.counsellor];
    await fc.assert(
      fc.asyncProperty(anyFrame, async (frame) => {
        for (const channel of channels) {
          const { events } = await channel.receive(frame);
          expect(events.every((event) => event.kind === 'refused')).toBe(true);
        }
      }),
      { numRuns: 300 }
    );
    expect((await pair.visitor.seal(new Uint8Array())).kind).toBe('sealed');
  });
});
