import { readFileSync } from 'node:fs';
import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blindClip,
  clipValue,
  evaluateClips,
  finishClips,
  isElement,
  newEpochKey,
  publicKeyOf
} from '#shared/crypto/blind-clip.ts';
import { writeClipInfo, type ClipFields } from '#shared/crypto/clip-info.ts';
import * as oracle from './sodium-poprf.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const file = new URL('../vectors/rfc9497-poprf-ristretto255.json', import.meta.url);
type Vector = Record<
  'Batch' | 'Input' | 'Blind' | 'BlindedElement' | 'EvaluationElement' | 'Info' | 'Output',
  string
> & { Proof: { proof: string; r: string } };
const { suite } = JSON.parse(readFileSync(file, 'utf8'));

const fields: ClipFields = {
  service: 'frirum',
  holder: 'young-under-18',
  stage: 'ordinary',
  epoch: 2026
};
const nonce = new Uint8Array(32).fill(7);

/** A scalar as the random bytes the library makes it of: reduced modulo order − 1, plus one. */
const asRandom = (scalar: string) => () => {
  const bytes = new Uint8Array(48);
  bytes.set(hex(scalar));
  bytes[0] = (bytes[0] ?? 0) - 1;
  return bytes;
};

describe('the vectors of RFC 9497, appendix A.1.3', () => {
  test('the key pair is derived', () => {
    const derived = ristretto255_oprf
      .poprf(new Uint8Array())
      .deriveKeyPair(hex(suite.seed), hex(suite.keyInfo));
    expect(derived).toEqual({ secretKey: hex(suite.skSm), publicKey: hex(suite.pkSm) });
    expect(publicKeyOf(hex(suite.skSm))).toEqual(hex(suite.pkSm));
  });

  test.each(suite.vectors as Vector[])('a batch of $Batch: $Input', (vector) => {
    const [inputs, blinds, blinded, evaluated, outputs] = (
      ['Input', 'Blind', 'BlindedElement', 'EvaluationElement', 'Output'] as const
    ).map((name) => vector[name].split(','));
    const poprf = ristretto255_oprf.poprf(hex(vector.Info));
    const items = (inputs ?? []).map((input, at) => {
      const made = poprf.blind(hex(input), hex(suite.pkSm), asRandom(blinds?.[at] ?? ''));
      expect(made.blinded).toEqual(hex(blinded?.[at] ?? ''));
      expect(made.blind).toEqual(hex(blinds?.[at] ?? ''));
      return { ...made, input: hex(input), evaluated: hex(evaluated?.[at] ?? '') };
    });
    const answer = poprf.blindEvaluateBatch(
      hex(suite.skSm),
      items.map((item) => item.blinded),
      asRandom(vector.Proof.r)
    );
    expect(answer.evaluated).toEqual(items.map((item) => item.evaluated));
    expect(answer.proof).toEqual(hex(vector.Proof.proof));
    const tweakedKey = items[0]?.tweakedKey ?? new Uint8Array();
    expect(poprf.finalizeBatch(items, answer.proof, tweakedKey)).toEqual(outputs?.map(hex));
    for (const [at, input] of (inputs ?? []).entries())
      expect(oracle.output(hex(suite.skSm), hex(vector.Info), hex(input))).toEqual(
        hex(outputs?.[at] ?? '')
      );
  });
});

describe('against libsodium', () => {
  test('1,000 random inputs give the same values, elements and valid proofs', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
    const anyFields = fc.record({
      service: fc.string({ minLength: 1, maxLength: 16, unit: 'binary' }),
      holder: word,
      stage: word,
      epoch: fc.nat(0xffff)
    });
    const anyNonce = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const { secretKey, publicKey } = newEpochKey();
    expect(oracle.publicKeyOf(secretKey)).toEqual(publicKey);
    fc.assert(
      fc.property(anyFields, anyNonce, (random, input) => {
        const info = writeClipInfo(random);
        const made = blindClip(random, input, publicKey);
        expect(made.blinded).toEqual(oracle.blinded(input, made.blind));
        const answer = evaluateClips(secretKey, random, [made.blinded]);
        const [element = new Uint8Array()] = answer?.evaluated ?? [];
        expect(element).toEqual(oracle.evaluated(secretKey, info, made.blinded));
        const { proof = new Uint8Array() } = answer ?? {};
        expect(oracle.isProved(publicKey, info, [element], [made.blinded], proof)).toBe(true);
        expect(clipValue(secretKey, random, input)).toEqual(oracle.output(secretKey, info, input));
      }),
      { numRuns: 1000 }
    );
  }, 120_000);

  test('a batch is proved by one proof', () => {
    const { secretKey, publicKey } = newEpochKey();
    const info = writeClipInfo(fields);
    const made = [1, 2, 3].map((fill) =>
      blindClip(fields, new Uint8Array(32).fill(fill), publicKey)
    );
    const d = made.map(({ blinded }) => blinded);
    const answer = evaluateClips(secretKey, fields, d);
    if (!answer) throw new Error('refused');
    expect(oracle.isProved(publicKey, info, answer.evaluated, d, answer.proof)).toBe(true);
    expect(oracle.isProved(publicKey, info, answer.evaluated.toReversed(), d, answer.proof)).toBe(
      false
    );
  });
});

/** What RFC 9496, section 4.3.1, must refuse: not reduced, negative, not a square, and too short or long. */
const noElements = {
  identity: new Uint8Array(32),
  'not reduced': hex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'),
  'all ones': new Uint8Array(32).fill(255),
  negative: hex('0100000000000000000000000000000000000000000000000000000000000000'),
  'not a square': hex('26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371'),
  short: new Uint8Array(31).fill(2),
  long: new Uint8Array(33).fill(2),
  nothing: new Uint8Array()
};

describe('a clip', () => {
  const { secretKey, publicKey } = newEpochKey();
  const made = { ...blindClip(fields, nonce, publicKey), nonce };
  const answer = evaluateClips(secretKey, fields, [made.blinded]);
  if (!answer) throw new Error('refused');
  const finish = (change: { fields?: ClipFields; key?: Uint8Array; answer?: typeof answer } = {}) =>
    finishClips(change.fields ?? fields, change.key ?? publicKey, [made], change.answer ?? answer);

  test('has the value that the server computes of its nonce', () => {
    expect(finish()).toEqual([clipValue(secretKey, fields, nonce)]);
  });

  test('evaluates the same every time, under a new proof', () => {
    const again = evaluateClips(secretKey, fields, [made.blinded]);
    expect(again?.evaluated).toEqual(answer.evaluated);
    expect(again?.proof).not.toEqual(answer.proof);
    expect(finish({ answer: again ?? answer })).toEqual(finish());
  });

  test.each(Object.entries(noElements))('%s is no element, on either side', (_, bytes) => {
    expect(isElement(bytes)).toBe(false);
    expect(evaluateClips(secretKey, fields, [made.blinded, bytes])).toBeNull();
    expect(finish({ answer: { ...answer, evaluated: [bytes] } })).toBeNull();
  });

  test('is refused by the device under a key of its own, whatever the proof says', () => {
    const own = newEpochKey();
    const withOwn = evaluateClips(own.secretKey, fields, [made.blinded]) ?? answer;
    expect(finish({ answer: withOwn })).toBeNull();
    expect(finish({ answer: withOwn, key: own.publicKey })).not.toBeNull();
    expect(finish({ key: own.publicKey })).toBeNull();
  });

  test.each([
    ['stage', { stage: 'fifth' }],
    ['holder', { holder: 'young-18-24' }],
    ['epoch', { epoch: 2025 }],
    ['service', { service: 'another' }]
  ])('is refused by the device when made for another %s', (_, change) => {
    const other = { ...fields, ...change };
    expect(finish({ fields: other })).toBeNull();
    expect(clipValue(secretKey, other, nonce)).not.toEqual(clipValue(secretKey, fields, nonce));
  });

  test('is refused when any bit of the proof or the element is another', () => {
    for (let bit = 0; bit < 512; bit += 7) {
      const proof = answer.proof.slice();
      proof[bit >> 3] = (proof[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(finish({ answer: { ...answer, proof } })).toBeNull();
    }
    expect(finish({ answer: { ...answer, proof: answer.proof.slice(1) } })).toBeNull();
    expect(finish({ answer: { ...answer, evaluated: [made.blinded] } })).toBeNull();
    expect(finish({ answer: { ...answer, evaluated: [] } })).toBeNull();
  });
});

describe('what a clip says openly', () => {
  test('is written out length by length', () => {
    expect(Buffer.from(writeClipInfo(fields)).toString('hex')).toBe(
      '000000036b6b31' +
        '0000000666726972756d' +
        '0000000e796f756e672d756e6465722d3138' +
        '000000086f7264696e617279' +
        '07ea'
    );
  });

  test('cannot be moved from one field into the next', () => {
    const one = writeClipInfo({ ...fields, holder: 'ab', stage: 'c' });
    const other = writeClipInfo({ ...fields, holder: 'a', stage: 'bc' });
    expect(one).not.toEqual(other);
  });

  test.each([
    { service: '' },
    { service: 'x'.repeat(65) },
    { holder: '' },
    { holder: 'a b' },
    { stage: 'Fifth' },
    { epoch: -1 },
    { epoch: 65_536 },
    { epoch: 2026.5 }
  ])('is not made of %o', (change) => {
    expect(() => writeClipInfo({ ...fields, ...change })).toThrow(RangeError);
  });
});
