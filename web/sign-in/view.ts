export interface Password {
  readonly name: string;
  readonly password: string;
  /** Six digits from an app, a recovery code, or nothing. */
  readonly code: string;
}

/** What somebody sees who is not signed in. */
export interface SignInView {
  /** The named refusal of the last try. */
  readonly refusal: string | null;
  readonly isBusy: boolean;
  /** The house ended the session: by time, or because a lead paused the account. */
  readonly wasSignedOut: boolean;
  /** Seconds until a password may be tried again; passkeys never wait. */
  readonly secondsToWait: number;
  withPassword(password: Password): void;
  withPasskey(): void;
}
