import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextClip, type Card, type Clip } from '#shared/klippekort/card.ts';
import { groups, readCode, writeCode } from '#shared/klippekort/card-code.ts';
import { Decision, Holder } from '#shared/klippekort/rule.ts';
import { isOnSpentList, writeSpentList } from '#shared/klippekort/spent-list.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';

const now = Date.UTC(2026, 10, 21);
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.split('');

const anyBytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(toBase64Url);
const anyClip = (stage: Clip['place']['stage'], index = 0): fc.Arbitrary<Clip> =>
  fc.record({
    place: fc.record({
      stage: fc.constant(stage),
      index: fc.constant(index),
      generation: fc.oneof(fc.constant(0), fc.nat(31))
    }),
    decision: stage === 'decision' ? fc.constantFrom(...Decision.options) : fc.constant(null),
    value: anyBytes(5)
  });
const anyClips = fc.oneof(
  fc
    .tuple(fc.subarray([0, 1, 2]), fc.boolean())
    .filter(([ordinary, fifth]) => ordinary.length > 0 || fifth)
    .chain(([ordinary, fifth]) =>
      fc.tuple(
        ...ordinary.map((index) => anyClip('ordinary', index)),
        ...(fifth ? [anyClip('fifth')] : [])
      )
    ),
  anyClip('pending').map((clip) => [clip]),
  anyClip('decision').map((clip) => [clip])
);
const anyCard: fc.Arbitrary<Card> = fc.record({
  holder: fc.constantFrom(...Holder.options),
  epoch: fc.constantFrom(2025, 2026),
  seed: anyBytes(10),
  key: fc.constant(null),
  clips: anyClips
});

function codeOf(card: Card): string {
  const written = writeCode(card, false);
  if (!written.ok) throw new Error(written.refusal);
  return written.code;
}

const fresh = (clips: number): Card => ({
  holder: 'young-under-18',
  epoch: 2026,
  seed: toBase64Url(randomBytes(10)),
  key: null,
  clips: Array.from({ length: clips }, (_, index) => ({
    place: { stage: index === 3 ? 'fifth' : 'ordinary', index: index % 3, generation: 0 },
    decision: null,
    value: toBase64Url(randomBytes(5))
  }))
});

describe('a card as a code', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        expect(readCode(codeOf(card), now)).toEqual({ ok: true, card });
      }),
      { numRuns: 500 }
    );
  });

  test('has 28 letters with one clip left and 55 full', () => {
    expect([1, 2, 3, 4].map((clips) => codeOf(fresh(clips)).length)).toEqual([28, 37, 46, 55]);
  });

  test('is read in small letters, in groups, with O for 0 and I or L for 1', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const code = codeOf(card);
        const typed = groups(code)
          .toLowerCase()
          .replaceAll('0', 'o')
          .replaceAll('1', Math.random() < 0.5 ? 'i' : 'L')
          .replaceAll('-', ' ');
        expect(readCode(typed, now)).toEqual({ ok: true, card });
      })
    );
  });

  test('with any one letter wrong is refused', () => {
    for (const card of [fresh(1), fresh(2), fresh(3), fresh(4)]) {
      const code = codeOf(card);
      for (let at = 0; at < code.length; at += 1)
        for (const letter of letters) {
          if (letter === code[at]) continue;
          const typed = code.slice(0, at) + letter + code.slice(at + 1);
          expect(readCode(typed, now).ok).toBe(false);
        }
    }
  });

  test('with any two neighbours in the wrong order is refused', () => {
    for (let turn = 0; turn < 30; turn += 1)
      for (const card of [fresh(1), fresh(4)]) {
        const code = codeOf(card);
        for (let at = 0; at < code.length - 1; at += 1) {
          const [one = '', other = ''] = [code[at], code[at + 1]];
          if (one === other) continue;
          const typed = code.slice(0, at) + other + one + code.slice(at + 2);
          expect(readCode(typed, now)).toEqual({ ok: false, refusal: 'wrong-digit' });
        }
      }
  });

  test('with one clip left and any two letters wrong is refused', () => {
    const code = codeOf(fresh(1));
    fc.assert(
      fc.property(
        fc.nat(27),
        fc.nat(27),
        fc.constantFrom(...letters),
        fc.constantFrom(...letters),
        (one, other, first, second) => {
          const typed = code.split('');
          typed[one] = first;
          typed[other] = second;
          fc.pre(typed.join('') !== code);
          expect(readCode(typed.join(''), now).ok).toBe(false);
        }
      ),
      { numRuns: 2000 }
    );
  });

  test('names what is wrong with it', () => {
    const code = codeOf(fresh(2));
    const refusal = (typed: string, at = now) => {
      const read = readCode(typed, at);
      return read.ok ? null : read.refusal;
    };
    expect(refusal(`${code.slice(0, -1)}U`)).toBe('wrong-sign');
    expect(refusal('æ')).toBe('wrong-sign');
    expect(refusal('')).toBe('wrong-length');
    expect(refusal(code.slice(1))).toBe('wrong-length');
    expect(refusal(`${code}0`)).toBe('wrong-length');
    expect(refusal(code.replace(/^./, (letter) => (letter === '7' ? '8' : '7')))).toBe(
      'wrong-digit'
    );
    expect(refusal(code, Date.UTC(2028, 0, 1))).toBe('too-old');
    expect(refusal(codeOf({ ...fresh(1), epoch: 2024 }))).toBe('too-old');
  });

  test('that is right in itself and no card is refused', () => {
    const one = fresh(1).clips[0];
    if (!one) throw new Error('no clip');
    const twice = codeOf({ ...fresh(1), clips: [one, one] });
    expect(readCode(twice, now)).toEqual({ ok: false, refusal: 'no-card' });
  });

  test('is not made of what could not be finished elsewhere', () => {
    expect(writeCode(fresh(4), true)).toEqual({ ok: false, refusal: 'unfinished' });
    expect(writeCode(fresh(0), false)).toEqual({ ok: false, refusal: 'no-clips' });
    const card = fresh(1);
    const clips = card.clips.map((clip) => ({
      ...clip,
      place: { ...clip.place, generation: 32 }
    }));
    expect(writeCode({ ...card, clips }, false)).toEqual({ ok: false, refusal: 'too-often' });
  });

  test('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9A-Z -]{0,80}$/)), (typed) => {
        expect(typeof readCode(typed, now).ok).toBe('boolean');
      }),
      { numRuns: 1000 }
    );
  });
});

describe('the clip that is shown next', () => {
  const place = (stage: Clip['place']['stage'], index = 0, generation = 0): Clip => ({
    place: { stage, index, generation },
    decision: stage === 'decision' ? 'stop' : null,
    value: 'AAAAAAA'
  });
  const next = (...clips: Clip[]) => nextClip({ ...fresh(0), clips })?.place;

  test('is an ordinary one before the fifth, the one that came back least first', () => {
    expect(next(place('fifth'), place('ordinary', 2, 1), place('ordinary', 1))).toEqual({
      stage: 'ordinary',
      index: 1,
      generation: 0
    });
    expect(next(place('fifth'), place('ordinary', 2, 1))?.index).toBe(2);
    expect(next(place('fifth'))?.stage).toBe('fifth');
    expect(next(place('pending'))?.stage).toBe('pending');
  });

  test('is none when a decision ended it', () => {
    expect(next(place('decision'))).toBeUndefined();
    expect(next()).toBeUndefined();
  });
});

describe('the list of spent clips', () => {
  test('holds every spent one and, but for one chance in 2^48, no other', () => {
    const ids = Array.from({ length: 1000 }, () => new Uint8Array(randomBytes(32)));
    const list = writeSpentList(ids.slice(0, 500));
    expect(ids.map((id) => isOnSpentList(list, id))).toEqual(ids.map((_, at) => at < 500));
    expect(list.length).toBe(3000);
    expect(isOnSpentList(new Uint8Array(), new Uint8Array(32))).toBe(false);
  });

  test('does not tell in which order they were spent', () => {
    const ids = Array.from({ length: 50 }, () => new Uint8Array(randomBytes(32)));
    expect(writeSpentList(ids)).toEqual(writeSpentList(ids.toReversed()));
  });
});
