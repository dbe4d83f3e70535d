import { m } from '#web/words/paraglide/messages.js';

const words: Record<string, () => string> = {
  'last-lead': m.team_last_lead,
  'unknown-person': m.team_gone,
  'not-active': m.team_gone,
  'not-invited': m.team_gone,
  'not-suspended': m.team_gone,
  'unknown-certificate': m.team_no_certificate,
  'unknown-request': m.team_request_gone,
  'bad-certificate': m.team_bad_certificate,
  'wrong-role': m.team_bad_certificate,
  'wrong-key': m.team_bad_certificate,
  'wrong-time': m.team_wrong_time,
  'other-organisation': m.team_key_other,
  'not-signed': m.team_not_signed,
  'not-allowed': m.team_only_leads_more,
  'line-down': m.sign_in_line_down
};

/** Why something about the team did not happen, and the way on. */
export const teamRefusal = (refusal: string): string => (words[refusal] ?? m.team_refused)();

const keyWords: Record<string, () => string> = {
  'not-a-root-key': m.team_key_not_one,
  'other-organisation': m.team_key_other,
  'cannot-read': m.team_key_cannot_read,
  'cannot-load': m.team_key_cannot_load
};

/** Why a root key file was not opened. */
export const rootKeyRefusal = (refusal: string): string => (keyWords[refusal] ?? m.team_refused)();
