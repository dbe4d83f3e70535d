import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_MESSAGE } from '#shared/crypto/padding.ts';
import { loadSodium, sodium } from '#shared/crypto/sodium.ts';
import { createOpener, createSealer, type Sealer } from '#shared/crypto/stream.ts';
import { flipBit } from './two-parties.ts';

await loadSodium();

function aStream() {
  const key = sodium.randombytes_buf(32);
  const th = sodium.randombytes_buf(32);
  const sealer = createSealer(key, th);
  return { key, th, sealer, opener: createOpener(sealer.header, key, th) };
}

function sealed(sealer: Sealer, text: string, final = false): Uint8Array {
  const result = sealer.seal(new TextEncoder().encode(text), final);
  if (result.kind === 'refused') throw new Error(result.refusal);
  return result.frame;
}

const message = (text: string, final = false) => ({
  kind: 'message',
  bytes: new TextEncoder().encode(text),
  final
});

describe('a stream', () => {
  it('brings back any messages in order', () =>
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2000, size: 'max' })), (messages) => {
        const { sealer, opener } = aStream();
        for (const bytes of messages) {
          const result = sealer.seal(bytes, false);
          expect(result.kind === 'sealed' && opener.open(result.frame)).toEqual({
            kind: 'message',
            bytes,
            final: false
          });
        }
      }),
      { numRuns: 30 }
    ));

  it('gives 0 to 255 bytes the same length on the wire', () => {
    const { sealer } = aStream();
    const lengths = new Set(
      Array.from({ length: 256 }, (_, n) => sealed(sealer, 'x'.repeat(n)).length)
    );
    expect([...lengths]).toEqual([8 + 17 + 256]);
  });

  it('says when the other side has said its last word', () => {
    const { sealer, opener } = aStream();
    expect(opener.open(sealed(sealer, 'bye', true))).toEqual(message('bye', true));
    expect(sealer.seal(new Uint8Array(), false)).toEqual({
      kind: 'refused',
      refusal: 'after-final'
    });
  });

  it('refuses a message that is too long and counts it not', () => {
    const { sealer, opener } = aStream();
    const long = sealer.seal(new Uint8Array(LONGEST_MESSAGE + 1), false);
    expect(long).toEqual({ kind: 'refused', refusal: 'too-long' });
    expect(opener.open(sealed(sealer, 'short'))).toEqual(message('short'));
  });

  it('ignores a frame that came before', () => {
    const { sealer, opener } = aStream();
    const first = sealed(sealer, 'one');
    opener.open(first);
    expect(opener.open(first)).toEqual({ kind: 'duplicate' });
    expect(opener.open(sealed(sealer, 'two'))).toEqual(message('two'));
  });

  it('tells a gap, and the same ciphertexts fill it', () => {
    const { sealer, opener } = aStream();
    const [one, two, three] = [sealed(sealer, '1'), sealed(sealer, '2'), sealed(sealer, '3')];
    expect(opener.open(one)).toEqual(message('1'));
    expect(opener.open(three)).toEqual({ kind: 'gap', expected: 1 });
    expect(opener.open(two)).toEqual(message('2'));
    expect(opener.open(three)).toEqual(message('3'));
  });

  it('refuses a frame with any one bit flipped and opens the true one afterwards', () => {
    const { sealer, opener } = aStream();
    opener.open(sealed(sealer, 'before'));
    const frame = sealed(sealer, 'true');
    for (let bit = 0; bit < frame.length * 8; bit += 1)
      expect(opener.open(flipBit(frame, bit)).kind).not.toBe('message');
    expect(opener.open(flipBit(frame, 100))).toEqual({ kind: 'refused', refusal: 'tampered' });
    expect(opener.open(frame)).toEqual(message('true'));
    expect(opener.open(sealed(sealer, 'next'))).toEqual(message('next'));
  });

  it('refuses a frame that was given another place', () => {
    const { sealer, opener } = aStream();
    const [one, two] = [sealed(sealer, '1'), sealed(sealer, '2')];
    const moved = two.slice();
    moved.set(one.subarray(0, 8));
    expect(opener.open(moved)).toEqual({ kind: 'refused', refusal: 'tampered' });
    expect(opener.open(one)).toEqual(message('1'));
  });

  it('refuses the frame of another transcript under the same key', () => {
    const { key, sealer } = aStream();
    const other = createOpener(sealer.header, key, sodium.randombytes_buf(32));
    expect(other.open(sealed(sealer, 'x'))).toEqual({ kind: 'refused', refusal: 'tampered' });
  });

  it('refuses what comes after the last word', () => {
    const { key, th, sealer, opener } = aStream();
    opener.open(sealed(sealer, 'bye', true));
    const forged = createSealer(key, th);
    forged.seal(new Uint8Array(), false);
    expect(opener.open(sealed(forged, 'more'))).toEqual({
      kind: 'refused',
      refusal: 'after-final'
    });
  });

  it('refuses a tag that our sealer never uses', () => {
    const { key, th } = aStream();
    const raw = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    const count = new Uint8Array(8);
    const ciphertext = sodium.crypto_secretstream_xchacha20poly1305_push(
      raw.state,
      sodium.pad(new Uint8Array(1), 256),
      Uint8Array.of(...th.subarray(0, 16), ...count),
      sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
    );
    const opener = createOpener(raw.header, key, th);
    const opened = opener.open(Uint8Array.of(...count, ...ciphertext));
    expect(opened).toEqual({ kind: 'refused', refusal: 'malformed' });
  });

  it('never throws on random bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400, size: 'max' }), (bytes) => {
        expect(aStream().opener.open(bytes).kind).not.toBe('message');
      })
    ));

  it('may be forgotten twice', () => {
    const { sealer, opener } = aStream();
    for (const end of [sealer, opener, sealer, opener]) end.forget();
    expect(sealer.seal(new Uint8Array(), false).kind).toBe('refused');
  });
});
