import * as v from 'valibot';
import { nameOf } from './account.ts';
import type { HashingTurns } from './hashing-turns.ts';
import { hashOfNobody, isPassword } from './password.ts';
import { secondFactor, type SecondFactorParts } from './second-factor.ts';
import type { Sessions } from './sessions.ts';
import type { Accounts, StoredAccount } from '#server/store/durable/staff.ts';
import type { Attempts } from '#server/store/volatile/house.ts';

const Request = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  password: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  /** Six digits, or a recovery code. */
  totp: v.optional(v.pipe(v.string(), v.maxLength(16)))
});

export type SignInAnswer =
  | { readonly token: string }
  | { readonly refusal: 'malformed-request' | 'wrong-name-or-password' | 'busy' }
  | { readonly refusal: 'too-many-attempts'; readonly seconds: number };

type Proof = { readonly account: StoredAccount } | Exclude<SignInAnswer, { token: string }>;

export interface SignInParts extends SecondFactorParts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly turns: HashingTurns;
}

/** Checks a name, a password and a second factor. Every answer, and the time it takes, is the same for names nobody has. */
export async function signIn(body: unknown, parts: SignInParts): Promise<SignInAnswer> {
  const request = v.safeParse(Request, body);
  if (!request.success) return { refusal: 'malformed-request' };
  const proved = await proveByPassword(request.output, parts);
  if ('refusal' in proved) return proved;
  return { token: await parts.sessions.start(proved.account.id) };
}

/** Who has proved by name, password and second factor that it is they. Counts for the lockout. */
export async function proveByPassword(
  given: v.InferOutput<typeof Request>,
  parts: SignInParts
): Promise<Proof> {
  const { accounts, attempts, turns } = parts;
  const { password, totp } = given;
  const name = nameOf(given.name);

  const attempt = await attempts.attempt(name);
  if ('seconds' in attempt) return { refusal: 'too-many-attempts', seconds: attempt.seconds };

  const found = await accounts.named(name);
  const stored = found?.state === 'active' ? found : null;
  const matches = await turns.take(() => isPassword(password, stored?.password ?? hashOfNobody()));
  if (matches === 'busy') {
    await attempt.takeBack();
    return { refusal: 'busy' };
  }
  // Who has a passkey only, and lost it, types a recovery code where others type a password.
  const hasPassword = stored === null || stored.password !== null;
  const use = secondFactor(stored, hasPassword ? totp : password, parts);
  const right = matches || !hasPassword;
  if (!right || !stored || !(await use())) return { refusal: 'wrong-name-or-password' };
  await attempts.succeeded(name);
  return { account: stored };
}
