import { m } from '#web/words/paraglide/messages.js';

const words: Record<string, () => string> = {
  'wrong-name-or-password': m.sign_in_wrong,
  'too-many-attempts': m.sign_in_too_many,
  busy: m.sign_in_busy,
  'unknown-passkey': m.sign_in_unknown_passkey,
  'passkey-given-up': m.sign_in_passkey_given_up,
  'passkey-wrong-place': m.sign_in_wrong_place,
  'passkey-unsupported': m.sign_in_no_passkeys,
  'wrong-origin': m.sign_in_wrong_place,
  'not-signed-in': m.sign_in_no_cookie,
  'line-down': m.sign_in_line_down
};

/** What a refused sign-in says: what happened, and the way on. */
export const signInRefusal = (refusal: string): string => (words[refusal] ?? m.sign_in_refused)();

/** Seconds as a clock shows them: `0:09`, `14:59`. */
export const asClock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** The same for who is signed in and is asked whether it is still them: there is no name in it. */
export const stepUpRefusal = (refusal: string): string =>
  refusal === 'wrong-name-or-password' ? m.sign_in_step_up_wrong() : signInRefusal(refusal);
