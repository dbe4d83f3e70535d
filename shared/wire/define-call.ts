import type * as v from 'valibot';
import type { StaffRole } from '../counsellor/role.ts';

type Schema = v.GenericSchema;

/** Who may ask a call: everybody, whoever is signed in, or members of staff by role. */
export type Asker = 'anyone' | 'staff' | StaffRole | readonly StaffRole[];

/** A question with its answer and its refusals, declared once and imported by both sides. */
export interface Call<
  Request extends Schema = Schema,
  Value extends Schema = Schema,
  Refusal extends string = string
> {
  readonly name: string;
  readonly who: Asker;
  readonly request: Request;
  readonly value: Value;
  readonly refusals: readonly Refusal[];
}

/** What the door itself may answer to any call. */
export const doorRefusals = [
  'malformed-request',
  'not-allowed',
  'too-many-requests',
  'not-now',
  'server-error'
] as const;
export type DoorRefusal = (typeof doorRefusals)[number];

export type Answer<Value, Refusal extends string> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: Refusal };

export type RequestOf<C extends Call> = v.InferOutput<C['request']>;
export type ValueOf<C extends Call> = v.InferOutput<C['value']>;
export type RefusalOf<C extends Call> = C['refusals'][number];
export type AnswerOf<C extends Call> = Answer<ValueOf<C>, RefusalOf<C> | DoorRefusal>;

export function defineCall<
  Request extends Schema,
  Value extends Schema,
  const Refusals extends readonly string[]
>(call: {
  name: string;
  who: Asker;
  request: Request;
  value: Value;
  refusals: Refusals;
}): Call<Request, Value, Refusals[number]> {
  return call;
}

export const accept = <Value>(value: Value): { ok: true; value: Value } => ({ ok: true, value });
export const refuse = <const Refusal extends string>(
  refusal: Refusal
): { ok: false; refusal: Refusal } => ({ ok: false, refusal });
