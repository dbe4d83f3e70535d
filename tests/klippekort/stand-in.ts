import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { ClipFields } from '#shared/crypto/clip-info.ts';
import { writeClipInfo } from '#shared/crypto/clip-info.ts';
import { VALUE_BYTES, type Tagged } from '#shared/crypto/clip-tag.ts';
import type { ClipWork } from '#shared/crypto/clip-work.ts';
import type { Evaluator } from '#server/klippekort/evaluation-pool.ts';

/**
 * Hashes in place of group operations, a hundred times as fast and blind to nobody: for tests of what is
 * written down and asked in which order, thousands of times.
 */
const hash = (...parts: (Uint8Array | string)[]): Uint8Array => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('|');
  return new Uint8Array(digest.digest());
};
const evaluated = (secretKey: Uint8Array, fields: ClipFields, nonce: Uint8Array): Uint8Array =>
  new Uint8Array(
    createHmac('sha256', secretKey).update(writeClipInfo(fields)).update(nonce).digest()
  );
const tagOf = (value: Uint8Array, tagged: Tagged): Uint8Array =>
  hash(
    value.subarray(0, VALUE_BYTES),
    tagged.purpose,
    writeClipInfo(tagged.fields),
    tagged.nonce,
    tagged.conversation,
    ...tagged.elements
  );
const nonceOf = (seed: Uint8Array, place: object) => hash(seed, JSON.stringify(place));

export const quickEvaluator: Evaluator = {
  evaluate: async ({ secretKey, fields, blinded }) => ({
    evaluated: blinded.map((nonce) => evaluated(secretKey, fields, nonce)),
    proof: new Uint8Array(64)
  }),
  check: async ({ secretKey, tagged, tag }) => {
    const right = tagOf(evaluated(secretKey, tagged.fields, tagged.nonce), tagged);
    return Buffer.compare(right, tag) === 0 ? 'right' : 'wrong-tag';
  },
  close: async () => {}
};

export const quickWork: ClipWork = {
  newSeed: async () => new Uint8Array(randomBytes(10)),
  blind: async ({ seed, places }) =>
    places.map((place) => ({ blind: new Uint8Array(32), blinded: nonceOf(seed, place) })),
  finish: async ({ evaluation }) => evaluation.evaluated.map((one) => one.slice(0, VALUE_BYTES)),
  show: async ({ seed, place, value, ...tagged }) => {
    const nonce = nonceOf(seed, place);
    return { nonce, tag: tagOf(value, { ...tagged, nonce }) };
  },
  id: async ({ seed, fields, place }) => hash(writeClipInfo(fields), nonceOf(seed, place))
};
