import * as v from 'valibot';
import type { Account } from './account.ts';
import { accountOfPasskey, PasskeyResponse, type PasskeyParts } from './passkeys.ts';
import { proveByPassword, type SignInAnswer, type SignInParts } from './sign-in.ts';

const Request = v.union([
  v.strictObject({
    password: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
    totp: v.optional(v.pipe(v.string(), v.maxLength(16)))
  }),
  v.strictObject({ passkey: PasskeyResponse })
]);

/** What passkeys prove at sign-in and at a step-up: that their holder is here. */
export const presence = 'presence';

type StepUpAnswer = SignInAnswer | { readonly refusal: 'unknown-passkey' | 'not-signed-in' };

/** Proves once more who is signed in: a new token, with which dangerous things may be asked for five minutes. */
export async function stepUp(
  body: unknown,
  account: Account,
  parts: SignInParts & PasskeyParts
): Promise<StepUpAnswer> {
  const request = v.safeParse(Request, body);
  if (!request.success) return { refusal: 'malformed-request' };
  const given = request.output;
  if ('passkey' in given) {
    const holder = await accountOfPasskey(given.passkey, presence, parts);
    if (holder !== account.id) return { refusal: 'unknown-passkey' };
  } else {
    const proved = await proveByPassword({ name: account.name, ...given }, parts);
    if ('refusal' in proved) return proved;
  }
  const token = await parts.sessions.stepUp(account.session);
  return token === null ? { refusal: 'not-signed-in' } : { token };
}
