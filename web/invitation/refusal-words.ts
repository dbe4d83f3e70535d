import { m } from '#web/words/paraglide/messages.js';

interface Said {
  readonly title: string;
  readonly more: string;
}

const unusable: Record<string, () => Said> = {
  'unknown-invitation': () => ({
    title: m.invitation_unknown(),
    more: m.invitation_unknown_more()
  }),
  'malformed-request': () => ({
    title: m.invitation_unknown(),
    more: m.invitation_unknown_more()
  }),
  'expired-invitation': () => ({
    title: m.invitation_expired(),
    more: m.invitation_expired_more()
  }),
  'used-invitation': () => ({ title: m.invitation_used(), more: m.invitation_used_more() }),
  'no-token': () => ({ title: m.invitation_no_token(), more: m.invitation_no_token_more() }),
  'line-down': () => ({ title: m.invitation_line_down(), more: m.invitation_line_down_more() })
};

/** Why a link cannot be used, and the way on. */
export const invitationRefusal = (refusal: string | null): Said =>
  unusable[refusal ?? '']?.() ?? { title: m.invitation_broken(), more: m.invitation_broken_more() };

const inTheWay: Record<string, () => string> = {
  'name-taken': m.invitation_name_taken,
  'password-too-short': m.invitation_password_too_short,
  'password-too-common': m.invitation_password_too_common,
  'wrong-code': m.invitation_wrong_code,
  'passkey-given-up': m.invitation_passkey_given_up,
  'passkey-exists': m.invitation_passkey_exists,
  'passkey-unsupported': m.sign_in_no_passkeys,
  'passkey-wrong-place': m.sign_in_wrong_place,
  'wrong-origin': m.sign_in_wrong_place,
  'no-ed25519': m.invitation_no_key,
  'no-storage': m.invitation_no_storage,
  'not-signed-in': m.invitation_signed_out,
  busy: m.sign_in_busy,
  'line-down': m.sign_in_line_down
};

/** What is in the way on a step, and what to do about it. */
export const stepRefusal = (refusal: string): string =>
  (inTheWay[refusal] ?? m.invitation_refused)();
