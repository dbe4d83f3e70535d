import { clipId, elementsHash, type ClipFields } from '#shared/crypto/clip-info.ts';
import type { Tagged, TagPurpose } from '#shared/crypto/clip-tag.ts';
import { toBytes } from '#shared/klippekort/card-bytes.ts';
import type { Holder } from '#shared/klippekort/rule.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { SpentClip } from '#server/store/durable/clips.ts';
import type { Checked } from './evaluation-job.ts';
import { fieldsOf, type Office } from './office.ts';

/** A clip as every call shows it; bytes are base64url. */
export interface Showing {
  readonly holder: Holder;
  readonly stage: Stage;
  readonly epoch: number;
  readonly nonce: string;
  readonly blindedNext: string;
  readonly blindedRefund: string;
  readonly tag: string;
}

export interface ShownClip {
  readonly fields: ClipFields;
  /** The epoch's secret key. */
  readonly secretKey: Uint8Array;
  readonly record: SpentClip;
  readonly blindedNext: Uint8Array;
  readonly blindedRefund: Uint8Array;
  readonly nonce: Uint8Array;
  readonly tag: Uint8Array;
}

/** Reads what is shown; the info is computed here, from checked fields. @returns null for an epoch that does not count. */
export async function readShown(office: Office, showing: Showing): Promise<ShownClip | null> {
  const secretKey = await office.keys.secretOf(showing.epoch);
  if (!secretKey) return null;
  const fields = fieldsOf(office, showing);
  const nonce = toBytes(showing.nonce);
  const blindedNext = toBytes(showing.blindedNext);
  const blindedRefund = toBytes(showing.blindedRefund);
  const record = {
    id: clipId(fields, nonce),
    elements: elementsHash(blindedNext, blindedRefund),
    expires: showing.epoch + 1
  };
  return {
    fields,
    secretKey,
    record,
    blindedNext,
    blindedRefund,
    nonce,
    tag: toBytes(showing.tag)
  };
}

/** Whether the tag is right for this purpose and conversation. */
export const checkTag = (
  { evaluator }: Pick<Office, 'evaluator'>,
  { fields, nonce, blindedNext, blindedRefund, secretKey, tag }: ShownClip,
  purpose: TagPurpose,
  conversation: string
): Promise<Checked> => {
  const elements = [blindedNext, blindedRefund];
  const tagged: Tagged = { purpose, fields, nonce, elements, conversation };
  return evaluator.check({ secretKey, tagged, tag });
};

/** The same, counted as a try: for calls in which a tag could be guessed. `tries` names who is counted; null is everybody. */
export async function checkCounted(
  office: Office,
  shown: ShownClip,
  purpose: TagPurpose,
  conversation: string,
  tries: string | null
): Promise<Checked | 'too-many-guesses'> {
  if (!(await office.guesses.mayTry(tries))) return 'too-many-guesses';
  const checked = await checkTag(office, shown, purpose, conversation);
  if (checked !== 'wrong-tag') await office.guesses.wasRight(tries);
  return checked;
}
