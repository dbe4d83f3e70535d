import type { CertificateRequest, Person } from '#shared/counsellor/team-calls.ts';
import type { StaffRole } from '#shared/counsellor/role.ts';
import type { Opened } from './root-key.ts';

/** A request for a certificate, with the digits that the lead and the colleague compare. */
export interface Awaited extends CertificateRequest {
  readonly code: string;
  /** Whole days until the certificate in force ends; null when there is none. */
  readonly daysLeft: number | null;
}

/** A link that is shown this once. */
export interface NewInvitation {
  readonly name: string;
  readonly link: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** What a lead can do to somebody in the list. */
export type TeamAct = 'withdraw' | 'suspend' | 'resume' | 'reset' | 'revoke';

/** The team as its lead sees it. */
export interface TeamView {
  readonly connected: boolean;
  /** Null until the house has told. */
  readonly people: readonly Person[] | null;
  /** Whose page this is. */
  readonly you: string | null;
  readonly requests: readonly Awaited[];
  /** The named refusal of the last thing asked for. */
  readonly refusal: string | null;
  readonly isBusy: boolean;
  readonly invitation: NewInvitation | null;
  /** The root key file: none chosen, being read, open, or why not. */
  readonly rootKey: 'none' | 'opening' | Opened;
  /** How far signing has come; null when nothing is being signed. */
  readonly signing: { readonly done: number; readonly of: number } | null;
  /** How many were signed the last time; null before. */
  readonly signed: number | null;
  /** @returns whether there is a link now */
  invite(shownName: string, role: StaffRole): Promise<boolean>;
  /** Takes the link off the screen. */
  invitationSeen(): void;
  act(act: TeamAct, person: Person): void;
  openRootKey(file: Blob): void;
  forgetRootKey(): void;
  sign(requests: readonly Awaited[]): void;
  signOut(): void;
}
