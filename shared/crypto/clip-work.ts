import { blindClip, finishClips, type BlindClip, type Evaluation } from './blind-clip.ts';
import { clipId, type ClipFields } from './clip-info.ts';
import { cardRoot, clipNonce, newSeed, type ClipPlace } from './clip-seed.ts';
import { clipTag, tagKey, VALUE_BYTES, type TagPurpose } from './clip-tag.ts';

/** Fields and key of the clips in question, and the seed (10 bytes) of the card they are on. */
interface OnCard {
  readonly seed: Uint8Array;
  readonly fields: ClipFields;
}

/**
 * What a device computes for its card. All of it is asynchronous because it takes tens of milliseconds:
 * a page hands it to a worker.
 */
export interface ClipWork {
  /** 10 random bytes. */
  newSeed(): Promise<Uint8Array>;
  /** One blind clip for each place; the key is 32 bytes. */
  blind(
    order: OnCard & { readonly publicKey: Uint8Array; readonly places: readonly ClipPlace[] }
  ): Promise<readonly BlindClip[]>;
  /** A short value (5 bytes) for each clip; null when the proof is not one of the pinned key. */
  finish(
    order: OnCard & {
      readonly publicKey: Uint8Array;
      readonly clips: readonly (BlindClip & { readonly place: ClipPlace })[];
      readonly evaluation: Evaluation;
    }
  ): Promise<readonly Uint8Array[] | null>;
  /** Nonce and tag, 32 bytes each, with which a clip is shown. */
  show(
    order: OnCard & {
      readonly place: ClipPlace;
      readonly value: Uint8Array;
      readonly purpose: TagPurpose;
      readonly elements: readonly Uint8Array[];
      readonly conversation: string;
    }
  ): Promise<{ readonly nonce: Uint8Array; readonly tag: Uint8Array }>;
  /** The name a clip is spent under, 32 bytes. */
  id(order: OnCard & { readonly place: ClipPlace }): Promise<Uint8Array>;
}

/** Does the work where it is called; holds the root of the card that was used last. */
export function createClipWork(): ClipWork {
  let last: { seed: string; root: Uint8Array } | undefined;

  function nonceOf(seed: Uint8Array, place: ClipPlace): Uint8Array {
    const name = seed.join();
    if (last?.seed !== name) last = { seed: name, root: cardRoot(seed) };
    return clipNonce(last.root, place);
  }

  return {
    newSeed: async () => newSeed(),
    blind: async ({ seed, fields, publicKey, places }) =>
      places.map((place) => blindClip(fields, nonceOf(seed, place), publicKey)),
    finish: async ({ seed, fields, publicKey, clips, evaluation }) => {
      const items = clips.map((clip) => ({ ...clip, nonce: nonceOf(seed, clip.place) }));
      const values = finishClips(fields, publicKey, items, evaluation);
      return values && values.map((value) => value.slice(0, VALUE_BYTES));
    },
    show: async ({ seed, fields, place, value, purpose, elements, conversation }) => {
      const nonce = nonceOf(seed, place);
      const tag = clipTag(tagKey(value, nonce), { purpose, fields, nonce, elements, conversation });
      return { nonce, tag };
    },
    id: async ({ seed, fields, place }) => clipId(fields, nonceOf(seed, place))
  };
}
