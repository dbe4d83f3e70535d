import * as v from 'valibot';
import type { Clock } from '#server/clock.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import { nameOf } from './account.ts';
import type { HashingTurns } from './hashing-turns.ts';
import type { Lockout } from './lockout.ts';
import { hashOfNobody, isPassword } from './password.ts';
import type { Sessions } from './sessions.ts';

const Request = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  password: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  totp: v.optional(v.pipe(v.string(), v.maxLength(10)))
});

export type SignInAnswer =
  | { readonly token: string }
  | { readonly refusal: 'malformed-request' | 'wrong-name-or-password' | 'busy' }
  | { readonly refusal: 'too-many-attempts'; readonly seconds: number };

export interface SignInParts {
  readonly accounts: Durable['accounts'];
  readonly sessions: Sessions;
  readonly lockout: Lockout;
  readonly turns: HashingTurns;
  readonly clock: Clock;
}

/** Checks a name and a password. Every answer, and the time it takes, is the same for names nobody has. */
export async function signIn(body: unknown, parts: SignInParts): Promise<SignInAnswer> {
  const { accounts, sessions, lockout, turns, clock } = parts;
  const request = v.safeParse(Request, body);
  if (!request.success) return { refusal: 'malformed-request' };
  const { password } = request.output;
  const name = nameOf(request.output.name);

  const seconds = lockout.secondsLeft(name, clock.now());
  if (seconds > 0) return { refusal: 'too-many-attempts', seconds };
  const takeBack = lockout.attempt(name, clock.now());

  const stored = await accounts.named(name);
  const right = await turns.take(() => isPassword(password, stored?.password ?? hashOfNobody()));
  if (right === 'busy') {
    takeBack();
    return { refusal: 'busy' };
  }
  if (!right || !stored) return { refusal: 'wrong-name-or-password' };
  lockout.succeeded(name);
  return { token: await sessions.start(stored.id) };
}
