export type InvitationStep =
  /** The link is being looked at. */
  | 'looking'
  /** It cannot be used; `refusal` says why. */
  | 'unusable'
  /** A name, and a passkey or a password. */
  | 'way'
  | 'password'
  /** The app that makes codes. */
  | 'app'
  | 'recovery'
  /** This device makes its key and waits for the lead. */
  | 'device'
  | 'ready';

export interface Invited {
  readonly shownName: string;
  readonly role: 'counsellor' | 'lead' | 'interpreter';
  readonly organisation: string;
}

/** An invitation on the screen of whoever opened its link. */
export interface InvitationView {
  readonly step: InvitationStep;
  /** Null until the house has said who is invited. */
  readonly invited: Invited | null;
  /** The named refusal of the last try. */
  readonly refusal: string | null;
  readonly isBusy: boolean;
  /** What an app for codes is told: as text, and as an address that it reads from a picture. */
  readonly app: { readonly secret: string; readonly uri: string } | null;
  /** Shown this once. */
  readonly recoveryCodes: readonly string[];
  /** What keeps this device from its certificate; null while all goes as it should. */
  readonly deviceRefusal: string | null;
  /** Digits of this device's key, which the lead sees as well; null until there is a key. */
  readonly deviceCode: string | null;
  /** Typed at sign-in from now on. */
  name: string;
  password: string;
  code: string;
  takePasskey(): void;
  choosePassword(): void;
  setPassword(): void;
  confirmCode(): void;
  /** One step back; nothing typed is lost. */
  back(): void;
  codesAreKept(): void;
  /** Asks once more for this device's certificate. */
  askAgain(): void;
}

/** As many characters as a password needs at least; nothing is said about which. */
export const leastPassword = 15;
