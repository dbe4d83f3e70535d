import * as v from 'valibot';
import { Base64Url } from '../wire/bytes.ts';
import { defineCall } from '../wire/define-call.ts';
import { defineNews } from '../wire/define-news.ts';
import { PublicKey, Serial } from './calls.ts';
import { StaffRole } from './role.ts';

const Nothing = v.strictObject({});
const Id = v.pipe(v.string(), v.uuid());
/** Days since 1970, as `Math.floor(milliseconds / 86_400_000)`. */
const Day = v.pipe(v.number(), v.integer(), v.minValue(0));

/** `expiring`: in force, and ends within seven days. */
export const CertificateState = v.picklist([
  'none',
  'awaited',
  'valid',
  'expiring',
  'expired',
  'revoked'
]);
export type CertificateState = v.InferOutput<typeof CertificateState>;

export const Person = v.object({
  id: Id,
  shownName: v.string(),
  role: StaffRole,
  state: v.picklist(['invited', 'active', 'suspended']),
  lastSeenDay: v.nullable(Day),
  /** Milliseconds since 1970; null unless an invitation is open. */
  invitedUntil: v.nullable(v.number()),
  certificate: v.object({
    state: CertificateState,
    /** Null when there is none. */
    expiresDay: v.nullable(Day),
    serial: v.nullable(Serial)
  })
});
export type Person = v.InferOutput<typeof Person>;

export const listTeam = defineCall({
  name: 'team:list',
  who: 'lead',
  request: Nothing,
  value: v.object({ people: v.array(Person), you: Id }),
  refusals: []
});

/** The link is told this once: `/desk/invitation#` and 32 random bytes. `expires`: milliseconds since 1970. */
const Invitation = v.object({ id: Id, link: v.string(), expires: v.number() });

export const inviteToTeam = defineCall({
  name: 'team:invite',
  who: 'lead',
  request: v.strictObject({
    shownName: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
    role: StaffRole
  }),
  value: Invitation,
  refusals: ['step-up-needed']
});

/** Takes back an invitation nobody has used; who was never here is gone from the list. */
export const withdrawInvitation = defineCall({
  name: 'team:withdraw-invitation',
  who: 'lead',
  request: v.strictObject({ id: Id }),
  value: Nothing,
  refusals: ['unknown-person', 'not-invited']
});

/** Ends sessions, sockets and certificates of somebody at once. */
export const suspendPerson = defineCall({
  name: 'team:suspend',
  who: 'lead',
  request: v.strictObject({ id: Id }),
  value: Nothing,
  refusals: ['step-up-needed', 'unknown-person', 'last-lead', 'not-active']
});

/** They may sign in again; the certificates they had stay revoked. */
export const resumePerson = defineCall({
  name: 'team:resume',
  who: 'lead',
  request: v.strictObject({ id: Id }),
  value: Nothing,
  refusals: [
    'step-up-needed',
    'unknown-person',
    'not-suspended',
    /** They have nothing to sign in with: reset them. */
    'needs-invitation'
  ]
});

/** A new invitation for somebody who lost everything: what they signed in with is void, and so are their certificates. */
export const resetPerson = defineCall({
  name: 'team:reset',
  who: 'lead',
  request: v.strictObject({ id: Id }),
  value: Invitation,
  refusals: ['step-up-needed', 'unknown-person', 'last-lead']
});

/** `service`: the key that signs the keys of the klippekort; it belongs to nobody. */
const CertifiedRole = v.picklist(['counsellor', 'interpreter', 'service']);

export const CertificateRequest = v.object({
  id: Id,
  account: v.nullable(Id),
  shownName: v.string(),
  role: CertifiedRole,
  publicKey: PublicKey,
  /** How long the certificate should be in force. */
  days: v.number(),
  /** Whether one in force is about to end; otherwise somebody waits to begin. */
  isRenewal: v.boolean()
});
export type CertificateRequest = v.InferOutput<typeof CertificateRequest>;

export const listCertificateRequests = defineCall({
  name: 'team:certificate-requests',
  who: 'lead',
  request: Nothing,
  value: v.object({ requests: v.array(CertificateRequest) }),
  refusals: []
});

/** A certificate that the lead has signed on their own device. */
export const deliverCertificate = defineCall({
  name: 'team:deliver-certificate',
  who: 'lead',
  request: v.strictObject({ id: Id, certificate: v.pipe(Base64Url(1024), v.minLength(1)) }),
  value: Nothing,
  refusals: [
    'unknown-request',
    /** It is no certificate. */
    'bad-certificate',
    'other-organisation',
    'wrong-role',
    'wrong-key',
    /** Not in force yet, over already, or for too long. */
    'wrong-time'
  ]
});

export const revokeCertificate = defineCall({
  name: 'team:revoke-certificate',
  who: 'lead',
  request: v.union([v.strictObject({ serial: Serial }), v.strictObject({ account: Id })]),
  value: Nothing,
  refusals: ['step-up-needed', 'unknown-certificate']
});

/** Something in the list or among the requests is different now. */
export const teamChanged = defineNews('team:changed', Nothing);
