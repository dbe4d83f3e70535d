import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  capabilityLife,
  issueCapability,
  readCapability
} from '#server/conversation/capability.ts';

const secret = new Uint8Array(32).fill(7);
/** Of all names the one of zeros is none. */
const name = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .filter((bytes) => bytes.some((byte) => byte > 0))
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
const content = fc.record({
  role: fc.constantFrom('visitor' as const, 'counsellor' as const),
  conversation: name,
  since: fc.integer({ min: 1.7e12, max: 2e12 }).map((milliseconds) => milliseconds / 1000),
  visitor: fc.oneof(
    fc.record({
      kind: fc.constant('young' as const),
      age: fc.constantFrom('under-18' as const, '18-24' as const),
      language: fc.constantFrom('da' as const, 'en' as const, 'ar' as const, 'tr' as const)
    }),
    fc.record({
      kind: fc.constantFrom('parent' as const, 'professional' as const),
      age: fc.constant(null),
      language: fc.constant('da' as const)
    })
  ),
  turn: fc.integer({ min: 0, max: 255 }),
  account: fc.option(fc.uuid({ version: 4 })),
  of: fc.option(name)
});

test('reads back what was issued, until it is too old', () => {
  fc.assert(
    fc.property(content, (issued) => {
      const token = issueCapability(issued, secret);
      expect(readCapability(token, secret, issued.since)).toEqual(issued);
      expect(readCapability(token, secret, issued.since + capabilityLife + 1)).toBeNull();
      expect(readCapability(token, new Uint8Array(32), issued.since)).toBeNull();
    })
  );
});

test('refuses every single flipped bit', () => {
  const [given] = fc.sample(content, 1);
  if (!given) throw new Error('no sample');
  const token = Buffer.from(issueCapability(given, secret), 'base64url');
  for (let bit = 0; bit < token.length * 8; bit += 1) {
    const flipped = Buffer.from(token);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(readCapability(flipped.toString('base64url'), secret, given.since)).toBeNull();
  }
});

test('refuses anything else', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readCapability(text, secret, 0)).toBeNull();
    })
  );
});
