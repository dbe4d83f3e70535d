import type { BlindClip, Evaluation } from '../crypto/blind-clip.ts';
import type { ClipPlace } from '../crypto/clip-seed.ts';
import { fromBase64Url, toBase64Url } from '../wire/bytes.ts';
import type { Blinded } from './card.ts';

/** Bytes of what is stored or sent as base64url; nothing when it is not that. */
export const toBytes = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** @throws when the work left a place out: nothing may be sent or stored that is not whole. */
export function toBlinded(place: ClipPlace, made: BlindClip | undefined): Blinded {
  if (!made) throw new Error('there is no blind for a place');
  return { place, blind: toBase64Url(made.blind), blinded: toBase64Url(made.blinded) };
}

export const toBlind = ({ blind, blinded }: Blinded): BlindClip => ({
  blind: toBytes(blind),
  blinded: toBytes(blinded)
});

export const toEvaluation = (answer: {
  readonly evaluated: readonly string[];
  readonly proof: string;
}): Evaluation => ({ evaluated: answer.evaluated.map(toBytes), proof: toBytes(answer.proof) });

export const fromEvaluation = ({ evaluated, proof }: Evaluation) => ({
  evaluated: evaluated.map(toBase64Url),
  proof: toBase64Url(proof)
});
