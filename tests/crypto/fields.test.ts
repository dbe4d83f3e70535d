import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  labelled,
  layoutBytes,
  readFields,
  readU64,
  writeFields,
  writeU64
} from '#shared/crypto/fields.ts';
import {
  finishLayout,
  helloLayout,
  readyLayout,
  replyLayout
} from '#shared/crypto/handshake-frames.ts';

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe.each([
  ['HELLO', helloLayout, 1393],
  ['REPLY', replyLayout, 1425],
  ['FINISH', finishLayout, 88],
  ['READY', readyLayout, 56]
])('%s', (_name, layout, length) => {
  it('has one length', () => expect(layoutBytes(layout)).toBe(length));

  it('comes back as it was written', () =>
    fc.assert(
      fc.property(bytesOf(length), (bytes) => {
        const fields = readFields<Readonly<Record<string, number>>>(layout, bytes);
        expect(fields && writeFields(layout as Record<string, number>, fields)).toEqual(bytes);
      })
    ));

  it('is refused one byte short or long', () => {
    expect(readFields(layout, new Uint8Array(length - 1))).toBeUndefined();
    expect(readFields(layout, new Uint8Array(length + 1))).toBeUndefined();
    expect(readFields(layout, new Uint8Array(0))).toBeUndefined();
  });
});

it('does not write a field of another length', () => {
  const fields = { header: new Uint8Array(24), mac: new Uint8Array(31) };
  expect(() => writeFields(readyLayout, fields)).toThrow('mac');
});

it('labels different lists of fields differently', () =>
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 4 }),
      fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 4 }),
      (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        const bytes = String(labelled('label', ...one));
        expect(bytes === String(labelled('label', ...other))).toBe(isSame);
        expect(bytes).not.toBe(String(labelled('labe', ...one)));
      }
    )
  ));

it('does not let bytes move from one field into the next', () => {
  const split = labelled('label', Uint8Array.of(1), Uint8Array.of(2, 3));
  expect(labelled('label', Uint8Array.of(1, 2), Uint8Array.of(3))).not.toEqual(split);
});

describe('u64', () => {
  it('comes back as it was written', () =>
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        expect(readU64(writeU64(n))).toBe(n);
      })
    ));

  it('refuses other lengths and numbers beyond 2^53 − 1', () => {
    expect(readU64(new Uint8Array(7))).toBeUndefined();
    expect(readU64(new Uint8Array(9))).toBeUndefined();
    expect(readU64(new Uint8Array(8).fill(255))).toBeUndefined();
    expect(() => writeU64(-1)).toThrow(RangeError);
    expect(() => writeU64(2 ** 53)).toThrow(RangeError);
  });
});
