import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aSecuredPair, flipBit, openTexts, sealText } from './two-parties.ts';

it('messages of 0 to 255 bytes have one length on the wire', async () => {
  const { visitor } = await aSecuredPair();
  const lengths = new Set<number>();
  for (let n = 0; n < 256; n += 1) lengths.add((await sealText(visitor, 'x'.repeat(n))).length);
  expect([...lengths]).toEqual([1 + 8 + 8 + 17 + 256]);
});

it('a tampered frame is refused, and the true one opens afterwards', async () => {
  const { visitor, counsellor } = await aSecuredPair();
  const frame = await sealText(visitor, 'true');
  for (let bit = 0; bit < frame.length * 8; bit += 1) {
    const { events, send } = await counsellor.receive(flipBit(frame, bit));
    expect(send).toEqual([]);
    expect(events.every((event) => event.kind === 'refused' || event.kind === 'gap')).toBe(true);
  }
  expect(await openTexts(counsellor, flipBit(frame, 8 * 30))).toEqual(['tampered']);
  expect(await openTexts(counsellor, frame)).toEqual(['true']);
});

it('reordered frames are a gap, and open in their own order', async () => {
  const { visitor, counsellor } = await aSecuredPair();
  const [one, two] = [await sealText(visitor, '1'), await sealText(visitor, '2')];
  expect(await openTexts(counsellor, two, one, two)).toEqual(['gap', '1', '2']);
});

it('a reflected frame is refused', async () => {
  const { visitor, counsellor } = await aSecuredPair();
  const mine = await sealText(visitor, 'mine');
  expect(await openTexts(visitor, mine)).toEqual(['unknown-session']);
  // Even with the tag of the other direction put in front.
  const theirs = await sealText(counsellor, 'theirs');
  const disguised = mine.slice();
  disguised.set(theirs.subarray(0, 9));
  expect(await openTexts(visitor, disguised, theirs)).toEqual(['tampered', 'theirs']);
});

it('a dropped frame is a gap until the same ciphertext comes again', async () => {
  const { visitor, counsellor } = await aSecuredPair();
  const frames = [];
  for (const text of ['1', '2', '3']) frames.push(await sealText(visitor, text));
  const [one, two, three] = frames as [Uint8Array, Uint8Array, Uint8Array];
  await counsellor.receive(one);
  const { events } = await counsellor.receive(three);
  expect(events).toEqual([{ kind: 'gap', expected: 1 }]);
  expect(await openTexts(counsellor, two, three)).toEqual(['2', '3']);
});

it('a replayed frame is ignored', async () => {
  const { visitor, counsellor } = await aSecuredPair();
  const frame = await sealText(visitor, 'once');
  expect(await openTexts(counsellor, frame, frame, frame)).toEqual(['once']);
});

it('a frame of another conversation is refused', async () => {
  const [one, other] = [await aSecuredPair(), await aSecuredPair()];
  const frame = await sealText(other.visitor, 'x');
  expect(await openTexts(one.counsellor, frame)).toEqual(['unknown-session']);
});

it('a conversation that is cut never looks as if it had ended', async () => {
  const { visitor, counsellor } = await aSecuredPair();
  const kept = await sealText(visitor, 'I want to say');
  const cut = await sealText(visitor, 'bye', true);
  expect(await openTexts(counsellor, kept)).toEqual(['I want to say']);
  expect(await openTexts(counsellor, cut.slice(0, -1))).toEqual(['malformed']);
});

it('any sequence of repeats, losses and changes yields a beginning of what was said', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(9), fc.option(fc.nat(2200))), { maxLength: 60 }),
      async (deliveries) => {
        const { visitor, counsellor } = await aSecuredPair();
        const said = Array.from({ length: 10 }, (_, n) => `message ${n}`);
        const frames: Uint8Array[] = [];
        for (const [n, text] of said.entries()) frames.push(await sealText(visitor, text, n === 9));
        const opened: string[] = [];
        for (const [n, bit] of deliveries) {
          const frame = frames[n] ?? new Uint8Array();
          const relayed = bit === null ? frame : flipBit(frame, bit);
          for (const event of (await counsellor.receive(relayed)).events)
            if (event.kind === 'message') {
              opened.push(new TextDecoder().decode(event.bytes));
              expect(event.final).toBe(opened.length === 10);
            }
        }
        expect(opened).toEqual(said.slice(0, opened.length));
      }
    ),
    { numRuns: 60 }
  ));
