import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Clock } from '#server/clock.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import type { NewCredentials, NewInvitation, StoredAccount } from '#server/store/durable/staff.ts';
import { nameOf } from './account.ts';
import { isCommonPassword } from './common-password.ts';
import type { HashingTurns } from './hashing-turns.ts';
import { passkeyOffer, PasskeyResponse, takePasskey, type PasskeyParts } from './passkeys.ts';
import { hashPassword } from './password.ts';
import { newRecoveryCodes, recoveryHash } from './recovery-codes.ts';
import { totpSecretOf, totpStep, totpUri } from './second-factor.ts';
import type { Sessions } from './sessions.ts';

const LASTS = 72 * 60 * 60 * 1000;

export const InvitationToken = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100));

const Look = v.strictObject({ token: InvitationToken });
const Offer = v.strictObject({ token: InvitationToken, name: Name });
const Accept = v.union([
  v.strictObject({ token: InvitationToken, name: Name, passkey: PasskeyResponse }),
  v.strictObject({
    token: InvitationToken,
    name: Name,
    password: v.pipe(v.string(), v.maxLength(128)),
    totpCode: v.pipe(v.string(), v.maxLength(10))
  })
]);

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const purposeOf = (token: string): string => `invitation ${hashOf(token)}`;

/** A new invitation: what is stored, and the path of the link, whose token never comes to the server in an address. */
export function newInvitation(now: number): { stored: NewInvitation; link: string } {
  const token = randomBytes(32).toString('base64url');
  return {
    stored: { tokenHash: hashOf(token), expiresAt: now + LASTS },
    link: `/desk/invitation#${token}`
  };
}

export type InvitationRefusal =
  | 'malformed-request'
  | 'unknown-invitation'
  | 'expired-invitation'
  | 'used-invitation'
  | 'name-taken'
  | 'password-too-short'
  | 'password-too-common'
  | 'wrong-code'
  | 'unknown-passkey'
  | 'busy';
type Refused = { readonly refusal: InvitationRefusal };
const refused = (refusal: InvitationRefusal): Refused => ({ refusal });

export interface InvitationParts extends PasskeyParts {
  readonly store: Pick<Durable, 'accounts' | 'invitations'>;
  readonly serverSecret: Uint8Array;
  readonly organisation: string;
  readonly sessions: Sessions;
  readonly turns: HashingTurns;
  readonly clock: Clock;
}

/** Who is invited to what. */
export async function lookAtInvitation(body: unknown, parts: InvitationParts) {
  const request = v.safeParse(Look, body);
  if (!request.success) return refused('malformed-request');
  const invited = await invitedBy(request.output.token, parts);
  if ('refusal' in invited) return invited;
  const { shownName, role } = invited;
  return { shownName, role, organisation: parts.organisation };
}

/** A secret for an authenticator app, the same at every look. */
export async function offerTotp(body: unknown, parts: InvitationParts) {
  const request = v.safeParse(Look, body);
  if (!request.success) return refused('malformed-request');
  const invited = await invitedBy(request.output.token, parts);
  if ('refusal' in invited) return invited;
  const secret = totpSecretOf(hashOf(request.output.token), parts.serverSecret);
  return { secret, uri: totpUri(secret, invited.shownName, parts.organisation) };
}

export async function offerPasskey(body: unknown, parts: InvitationParts) {
  const request = v.safeParse(Offer, body);
  if (!request.success) return refused('malformed-request');
  const { token, name } = request.output;
  const invited = await invitedBy(token, parts);
  if ('refusal' in invited) return invited;
  const { id, shownName } = invited;
  return passkeyOffer({ id, name, shownName }, purposeOf(token), parts);
}

/** Makes the account: recovery codes, told this once, and the token of a first session. */
export async function acceptInvitation(
  body: unknown,
  parts: InvitationParts
): Promise<Refused | { recoveryCodes: readonly string[]; token: string }> {
  const request = v.safeParse(Accept, body);
  if (!request.success) return refused('malformed-request');
  const { store, serverSecret, clock } = parts;
  const given = request.output;
  const invited = await invitedBy(given.token, parts);
  if ('refusal' in invited) return invited;
  const name = nameOf(given.name);
  const holder = await store.accounts.named(name);
  if (holder && holder.id !== invited.id) return refused('name-taken');

  const means =
    'passkey' in given ? await byPasskey(given, parts) : await byPassword(given, invited, parts);
  if ('refusal' in means) return means;
  const recoveryCodes = newRecoveryCodes();
  const recovery = recoveryCodes.map((code) => recoveryHash(code, invited.id, serverSecret));
  const outcome = await store.invitations.accept(
    hashOf(given.token),
    name,
    { ...means, recovery },
    clock.now()
  );
  if (outcome !== 'accepted') return refused(outcome);
  return { recoveryCodes, token: await parts.sessions.start(invited.id) };
}

type Means = Omit<NewCredentials, 'recovery'>;

async function byPasskey(
  { token, passkey }: { token: string; passkey: PasskeyResponse },
  parts: InvitationParts
): Promise<Means | Refused> {
  const made = await takePasskey(passkey, purposeOf(token), parts);
  if (!made || (await parts.passkeys.find(made.id))) return refused('unknown-passkey');
  return { password: null, passkey: made };
}

async function byPassword(
  given: { token: string; name: string; password: string; totpCode: string },
  { shownName }: StoredAccount,
  { serverSecret, organisation, turns, clock }: InvitationParts
): Promise<Means | Refused> {
  const { token, name, password, totpCode } = given;
  if (Array.from(password).length < 15) return refused('password-too-short');
  if (isCommonPassword(password, [name, shownName, organisation]))
    return refused('password-too-common');
  const totpSecret = totpSecretOf(hashOf(token), serverSecret);
  const step = totpStep(totpSecret, totpCode.replaceAll(/\s/g, ''), clock.now());
  if (step === null) return refused('wrong-code');
  const hash = await turns.take(() => hashPassword(password));
  if (hash === 'busy') return refused('busy');
  return { passkey: null, password: { hash, totpSecret, step } };
}

async function invitedBy(
  token: string,
  { store, clock }: Pick<InvitationParts, 'store' | 'clock'>
): Promise<StoredAccount | Refused> {
  const invitation = await store.invitations.find(hashOf(token));
  const account = invitation && (await store.accounts.withId(invitation.account));
  if (!invitation || !account) return refused('unknown-invitation');
  if (invitation.used) return refused('used-invitation');
  if (clock.now() >= invitation.expiresAt) return refused('expired-invitation');
  return account;
}
