import { joinBytes, readU64, writeU64 } from './fields.ts';
import { isPaddedLength, pad, unpad } from './padding.ts';
import { forgetStreamState, sodium } from './sodium.ts';

/*
 * One direction of a conversation: libsodium's crypto_secretstream_xchacha20poly1305.
 * Frame = u64 sequence ‖ ciphertext; additional data = first 16 bytes of th ‖ u64 sequence.
 */

const SEQUENCE_BYTES = 8;
const TAG_AND_MAC_BYTES = 17; // crypto_secretstream_xchacha20poly1305_ABYTES

export type SealResult =
  { kind: 'sealed'; frame: Uint8Array } | { kind: 'refused'; refusal: 'too-long' | 'after-final' };

export type OpenResult =
  | { kind: 'message'; bytes: Uint8Array; final: boolean }
  | { kind: 'duplicate' }
  | { kind: 'gap'; expected: number }
  | { kind: 'refused'; refusal: 'tampered' | 'malformed' | 'after-final' };

export type Sealer = ReturnType<typeof createSealer>;
export type Opener = ReturnType<typeof createOpener>;

/** The sending end. `key` 32 bytes, `th` 32 bytes; `header` (24 bytes) goes to the other end. */
export function createSealer(key: Uint8Array, th: Uint8Array) {
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  let sequence = 0;
  let isOver = false;

  return {
    header,

    /** Pad and encrypt one message. Every message rekeys, so an old one cannot be read from a later state. */
    seal(message: Uint8Array, final: boolean): SealResult {
      if (isOver) return { kind: 'refused', refusal: 'after-final' };
      const padded = pad(message);
      if (!padded) return { kind: 'refused', refusal: 'too-long' };
      const count = writeU64(sequence);
      const ciphertext = sodium.crypto_secretstream_xchacha20poly1305_push(
        state,
        padded,
        additionalData(th, count),
        final
          ? sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
          : sodium.crypto_secretstream_xchacha20poly1305_TAG_REKEY
      );
      sodium.memzero(padded);
      sequence += 1;
      isOver = final;
      return { kind: 'sealed', frame: joinBytes(count, ciphertext) };
    },

    forget: onlyOnce(() => {
      isOver = true;
      forgetStreamState(state);
    })
  };
}

/**
 * The receiving end. A duplicate, a gap and a refused frame leave the state as it was (libsodium
 * checks the MAC before it moves on), so the true ciphertext still opens when it is sent again.
 * `header` 24 bytes, `key` 32, `th` 32. @throws when the header has another length.
 */
export function createOpener(header: Uint8Array, key: Uint8Array, th: Uint8Array) {
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
  let expected = 0;
  let isOver = false;

  return {
    open(frame: Uint8Array): OpenResult {
      const sequence = readU64(frame.slice(0, SEQUENCE_BYTES));
      if (sequence === undefined || !isFrameLength(frame.length))
        return { kind: 'refused', refusal: 'malformed' };
      if (sequence < expected) return { kind: 'duplicate' };
      if (isOver) return { kind: 'refused', refusal: 'after-final' };
      if (sequence > expected) return { kind: 'gap', expected };

      const pulled = sodium.crypto_secretstream_xchacha20poly1305_pull(
        state,
        frame.subarray(SEQUENCE_BYTES),
        additionalData(th, writeU64(sequence))
      );
      if (pulled === false) return { kind: 'refused', refusal: 'tampered' };

      expected += 1;
      const final = pulled.tag === sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL;
      isOver = final;
      const bytes = unpad(pulled.message);
      sodium.memzero(pulled.message);
      // Only a peer that holds the key and does not follow the protocol gets here.
      if (!bytes || !(final || isRekey(pulled.tag)))
        return { kind: 'refused', refusal: 'malformed' };
      return { kind: 'message', bytes, final };
    },

    forget: onlyOnce(() => {
      isOver = true;
      expected = 0;
      forgetStreamState(state);
    })
  };
}

/** Whether a frame can be one of a stream at all. */
function isFrameLength(length: number): boolean {
  return isPaddedLength(length - SEQUENCE_BYTES - TAG_AND_MAC_BYTES);
}

function isRekey(tag: number): boolean {
  return tag === sodium.crypto_secretstream_xchacha20poly1305_TAG_REKEY;
}

function additionalData(th: Uint8Array, count: Uint8Array): Uint8Array {
  return joinBytes(th.subarray(0, 16), count);
}

/** A state that is freed twice would corrupt the heap of every other conversation. */
function onlyOnce(task: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    task();
  };
}
