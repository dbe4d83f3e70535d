import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON
} from '@simplewebauthn/browser';

/** Named facts about a passkey that was asked for and did not come. */
export type PasskeyRefusal =
  /** Closed, refused or left until it ran out: browsers do not say which. */
  | 'passkey-given-up'
  | 'passkey-exists'
  | 'passkey-wrong-place'
  | 'passkey-unsupported'
  /** Another question took its place; nothing to say. */
  | 'passkey-put-aside';

type Answered<Response> =
  | { readonly ok: true; readonly response: Response }
  | { readonly ok: false; readonly refusal: PasskeyRefusal };

export const hasPasskeys = (): boolean => browserSupportsWebAuthn();

/** Whether the browser offers passkeys in the name field, without a question of its own. */
export const offersPasskeysInField = (): Promise<boolean> => browserSupportsWebAuthnAutofill();

/** Puts aside whatever is still asked for on this page. */
export const putPasskeyAside = (): void => WebAuthnAbortService.cancelCeremony();

/** @param options PublicKeyCredentialRequestOptionsJSON, as the house made them */
export const usePasskey = (
  options: unknown,
  inField = false
): Promise<Answered<AuthenticationResponseJSON>> =>
  answered(() =>
    startAuthentication({
      optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
      useBrowserAutofill: inField
    })
  );

/** @param options PublicKeyCredentialCreationOptionsJSON, as the house made them */
export const makePasskey = (options: unknown): Promise<Answered<RegistrationResponseJSON>> =>
  answered(() =>
    startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON })
  );

async function answered<Response>(ask: () => Promise<Response>): Promise<Answered<Response>> {
  if (!hasPasskeys()) return { ok: false, refusal: 'passkey-unsupported' };
  try {
    return { ok: true, response: await ask() };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

function refusalOf(error: unknown): PasskeyRefusal {
  if (error instanceof WebAuthnError) {
    if (error.code === 'ERROR_CEREMONY_ABORTED') return 'passkey-put-aside';
    if (error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') return 'passkey-exists';
    if (error.code === 'ERROR_INVALID_DOMAIN' || error.code === 'ERROR_INVALID_RP_ID')
      return 'passkey-wrong-place';
  }
  const name = error instanceof Error ? error.name : '';
  if (name === 'AbortError') return 'passkey-put-aside';
  if (name === 'SecurityError') return 'passkey-wrong-place';
  return name === 'NotSupportedError' ? 'passkey-unsupported' : 'passkey-given-up';
}
