import type { AnswerOf, Call } from '../wire/define-call.ts';
import type { askDecisionClip, giveBackClip, holdClip, issueCard, settleClip } from './calls.ts';
import type { KeyRefusal } from './card-crypto.ts';

type Refusal<C extends Call> = Exclude<AnswerOf<C>, { ok: true }>['refusal'];
/** Why nothing came of it. What was begun is held on, to be tried again, except where said otherwise. */
export type HolderRefusal =
  | Refusal<typeof issueCard | typeof holdClip | typeof settleClip>
  | Refusal<typeof giveBackClip | typeof askDecisionClip>
  | KeyRefusal
  /** The line broke, or nobody answered. */
  | 'line-down'
  | 'no-klippekort'
  | 'has-klippekort'
  /** No clip that could be shown. */
  | 'no-clip'
  /** Something else was begun and is not finished: `resume` first. */
  | 'unfinished'
  | 'nothing-held'
  | 'no-spent-list'
  /** The answer is not one of the signed key, or makes no sense. */
  | 'bad-proof';

export type Not = { readonly ok: false; readonly refusal: HolderRefusal };
export type Did<Value> = { readonly ok: true; readonly value: Value } | Not;

export const did = <Value>(value: Value) => ({ ok: true, value }) as const;
export const not = (refusal: HolderRefusal): Not => ({ ok: false, refusal });
