import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readFields } from '#shared/crypto/fields.ts';
import { replyLayout } from '#shared/crypto/handshake-frames.ts';
import { deriveKeys, shortCodeOf, transcript } from '#shared/crypto/key-schedule.ts';
import { loadSodium, sodium } from '#shared/crypto/sodium.ts';
import { flipBit } from './two-parties.ts';

await loadSodium();

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const namesOf = (keys: ReturnType<typeof deriveKeys>) => Object.values(keys).map(String);

function aReply(bytes: Uint8Array) {
  const reply = readFields(replyLayout, bytes);
  if (!reply) throw new Error('not a REPLY');
  return reply;
}

it('th changes with every field of REPLY and with the signature', () => {
  const bytes = sodium.randombytes_buf(1425);
  const seen = new Set([String(transcript(aReply(bytes)))]);
  let offset = 0;
  for (const length of Object.values(replyLayout)) {
    seen.add(String(transcript(aReply(flipBit(bytes, offset * 8)))));
    offset += length;
  }
  expect(seen.size).toBe(1 + Object.keys(replyLayout).length);
});

it('six keys of 32 bytes, all different, the same for the same secret', () =>
  fc.assert(
    fc.property(bytes32, bytes32, (secret, th) => {
      const keys = namesOf(deriveKeys(secret.slice(), th, undefined));
      expect(new Set(keys).size).toBe(6);
      expect(namesOf(deriveKeys(secret.slice(), th, undefined))).toEqual(keys);
    })
  ));

it('another secret, transcript, resume key or invitation gives other keys, each of them', () => {
  const random = () => sodium.randombytes_buf(32);
  const [secret, th, key] = [random(), random(), random()];
  const all = [
    deriveKeys(secret.slice(), th, undefined),
    deriveKeys(random(), th, undefined),
    deriveKeys(secret.slice(), random(), undefined),
    deriveKeys(secret.slice(), th, { by: 'resume-key', key }),
    deriveKeys(secret.slice(), th, { by: 'resume-key', key: random() }),
    deriveKeys(secret.slice(), th, { by: 'invitation', key }),
    deriveKeys(secret.slice(), th, { by: 'invitation', key: random() })
  ].flatMap(namesOf);
  expect(new Set(all).size).toBe(7 * 6);
});

it('the shared secret is overwritten', () => {
  const secret = sodium.randombytes_buf(32);
  deriveKeys(secret, new Uint8Array(32), undefined);
  expect(secret).toEqual(new Uint8Array(32));
});

it('a short code is six digits and depends on key and reveal', () =>
  fc.assert(
    fc.property(bytes32, bytes32, (key, reveal) => {
      expect(shortCodeOf(key, reveal)).toMatch(/^\d{6}$/);
      const others = [0, 8, 16].map((bit) => shortCodeOf(key, flipBit(reveal, bit)));
      expect(new Set([shortCodeOf(key, reveal), ...others]).size).toBeGreaterThan(1);
    })
  ));
