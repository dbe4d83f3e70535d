import { pbkdf2Sync } from 'node:crypto';
import { clipValue, evaluateClips, isElement, type Evaluation } from '#shared/crypto/blind-clip.ts';
import type { ClipFields } from '#shared/crypto/clip-info.ts';
import {
  isClipTag,
  TAG_ROUNDS,
  tagSalt,
  VALUE_BYTES,
  type Tagged
} from '#shared/crypto/clip-tag.ts';

export interface Evaluate {
  readonly kind: 'evaluate';
  /** 32 bytes. */
  readonly secretKey: Uint8Array;
  readonly fields: ClipFields;
  /** Elements of 32 bytes. */
  readonly blinded: readonly Uint8Array[];
}
export interface Check {
  readonly kind: 'check';
  readonly secretKey: Uint8Array;
  readonly tagged: Tagged;
  /** 32 bytes. */
  readonly tag: Uint8Array;
}
export type Checked = 'right' | 'malformed-element' | 'wrong-tag';
export type Job = Evaluate | Check;

/** What takes milliseconds: group operations and the tag's key. */
export function runJob(job: Job): Evaluation | Checked | null {
  return job.kind === 'evaluate'
    ? evaluateClips(job.secretKey, job.fields, job.blinded)
    : check(job);
}

function check({ secretKey, tagged, tag }: Check): Checked {
  if (!tagged.elements.every(isElement)) return 'malformed-element';
  const value = clipValue(secretKey, tagged.fields, tagged.nonce).slice(0, VALUE_BYTES);
  return isClipTag(nativeTagKey(value, tagged.nonce), tagged, tag) ? 'right' : 'wrong-tag';
}

/** What `tagKey` computes, by Node's own code: four times as fast. */
const nativeTagKey = (value: Uint8Array, nonce: Uint8Array): Uint8Array =>
  pbkdf2Sync(value, tagSalt(nonce), TAG_ROUNDS, 32, 'sha256');
