import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON
} from '@simplewebauthn/server';
import * as v from 'valibot';
import type { Passkeys, StoredPasskey } from '#server/store/durable/staff.ts';
import type { Challenges } from './challenges.ts';

/** COSE: EdDSA, ES256, RS256. What the library would offer beside them is experimental in Node. */
const algorithms = [-8, -7, -257];

/** What a browser answers with; the library looks at the rest. */
export const PasskeyResponse = v.looseObject({
  id: v.pipe(v.string(), v.maxLength(1400)),
  rawId: v.string(),
  type: v.literal('public-key'),
  response: v.looseObject({ clientDataJSON: v.string() }),
  clientExtensionResults: v.optional(v.looseObject({}), {})
});
export type PasskeyResponse = v.InferOutput<typeof PasskeyResponse>;

export interface PasskeyParts {
  readonly passkeys: Passkeys;
  readonly challenges: Challenges;
  /** The host that passkeys are bound to; on loopback `localhost`. */
  readonly rpId: string;
  readonly rpName: string;
  readonly origins: () => readonly string[];
}

/** What a browser needs to make a passkey for this person; `purpose` binds it to one use. */
export async function passkeyOffer(
  person: { id: string; name: string; shownName: string },
  purpose: string,
  { passkeys, challenges, rpId, rpName }: PasskeyParts
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const own = await passkeys.of(person.id);
  return generateRegistrationOptions({
    rpName,
    rpID: rpId,
    userID: Uint8Array.from(Buffer.from(person.id)),
    userName: person.name,
    userDisplayName: person.shownName,
    challenge: challenges.issue(purpose),
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: own.map(({ id }) => ({ id }))
  });
}

/** The passkey a browser has made, or null when it is not what was offered. Uses the challenge up. */
export async function takePasskey(
  response: PasskeyResponse,
  purpose: string,
  { challenges, rpId, origins }: PasskeyParts
): Promise<Omit<StoredPasskey, 'account'> | null> {
  let challenge = '';
  const verified = await verifyRegistrationResponse({
    response: response as unknown as RegistrationResponseJSON,
    expectedChallenge: (given) => challenges.isGood((challenge = given), purpose),
    expectedOrigin: [...origins()],
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms
  }).catch(() => null);
  if (!verified?.verified || !(await challenges.use(challenge))) return null;
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  return { id, publicKey, counter };
}

/** What a browser needs to sign in with whichever passkey it has. */
export const passkeyQuestion = (
  purpose: string,
  { challenges, rpId }: PasskeyParts
): Promise<PublicKeyCredentialRequestOptionsJSON> =>
  generateAuthenticationOptions({
    rpID: rpId,
    challenge: challenges.issue(purpose),
    userVerification: 'required'
  });

/** The account whose passkey answered, or null. Uses the challenge up. */
export async function accountOfPasskey(
  response: PasskeyResponse,
  purpose: string,
  { passkeys, challenges, rpId, origins }: PasskeyParts
): Promise<string | null> {
  const passkey = await passkeys.find(response.id);
  if (!passkey) return null;
  let challenge = '';
  const verified = await verifyAuthenticationResponse({
    response: response as unknown as AuthenticationResponseJSON,
    expectedChallenge: (given) => challenges.isGood((challenge = given), purpose),
    expectedOrigin: [...origins()],
    expectedRPID: rpId,
    credential: {
      id: passkey.id,
      publicKey: Uint8Array.from(passkey.publicKey),
      counter: passkey.counter
    },
    requireUserVerification: true
  }).catch(() => null);
  if (!verified?.verified || !(await challenges.use(challenge))) return null;
  await passkeys.used(passkey.id, verified.authenticationInfo.newCounter);
  return passkey.account;
}
