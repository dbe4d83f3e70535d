import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LONGEST_MESSAGE, pad, PADDED_LENGTHS, unpad } from '#shared/crypto/padding.ts';
import { loadSodium, sodium } from '#shared/crypto/sodium.ts';

await loadSodium();

it('gives every message of 0 to 255 bytes the same length', () => {
  const lengths = new Set(Array.from({ length: 256 }, (_, n) => pad(new Uint8Array(n))?.length));
  expect([...lengths]).toEqual([256]);
});

it.each([
  [256, 1024],
  [1023, 1024],
  [1024, 4096],
  [4095, 4096],
  [4096, 16384],
  [16383, 16384]
])('pads %i bytes to %i', (length, padded) =>
  expect(pad(new Uint8Array(length))?.length).toBe(padded)
);

it('refuses what does not fit', () =>
  expect(pad(new Uint8Array(LONGEST_MESSAGE + 1))).toBeUndefined());

it('comes back as it was', () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: LONGEST_MESSAGE, size: 'max' }), (message) => {
      expect(unpad(pad(message) ?? new Uint8Array())).toEqual(message);
    })
  ));

it('refuses padding that is no padding', () => {
  for (const length of PADDED_LENGTHS) expect(unpad(new Uint8Array(length))).toBeUndefined();
  expect(unpad(new Uint8Array(256).fill(255))).toBeUndefined();
  expect(unpad(new Uint8Array(0))).toBeUndefined();
  expect(unpad(sodium.pad(new Uint8Array(100), 128))).toBeUndefined();
});

it('refuses a longer bucket than the message needs', () =>
  expect(unpad(sodium.pad(new Uint8Array(100), 1024))).toBeUndefined());

it('never throws on random bytes', () =>
  fc.assert(
    fc.property(fc.constantFrom(...PADDED_LENGTHS), fc.infiniteStream(fc.nat(255)), (n, random) => {
      unpad(Uint8Array.from({ length: Math.min(n, 1024) }, () => random.next().value ?? 0));
    })
  ));
