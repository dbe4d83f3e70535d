import { randomUUID } from 'node:crypto';
import type { StaffRole } from '#shared/counsellor/role.ts';
import type { CertificateRequest, Person } from '#shared/counsellor/team-calls.ts';
import { certificateTerms } from '#shared/counsellor/terms.ts';
import {
  checkCertificate,
  readCertificate,
  type CertificateRefusal,
  type CertificateRole
} from '#shared/crypto/certificate.ts';
import { loadSodium } from '#shared/crypto/sodium.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { Clock } from '#server/clock.ts';
import type { Organisation } from '#server/setup/organisation.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import type { StoredCertificate } from '#server/store/durable/staff.ts';
import type { Account } from './account.ts';

const DAY = 86_400_000;
/** The lead's clock may be ahead by this much. */
const CLOCKS_DIFFER = 10 * 60_000;
/** The request of the key that signs the klippekort's keys; there is one. */
const serviceRequest = '00000000-0000-4000-8000-000000000000';

type Certified = Exclude<StaffRole, 'lead'>;
const isCertified = (role: StaffRole): role is Certified => role !== 'lead';

export type DeliveryRefusal =
  | 'unknown-request'
  | 'bad-certificate'
  | 'other-organisation'
  | 'wrong-role'
  | 'wrong-key'
  | 'wrong-time';

const refusalOf: Readonly<Record<CertificateRefusal, DeliveryRefusal>> = {
  malformed: 'bad-certificate',
  'self-signed': 'other-organisation',
  'bad-signature': 'other-organisation',
  'wrong-role': 'wrong-role',
  revoked: 'wrong-time',
  'not-yet-valid': 'wrong-time',
  expired: 'wrong-time'
};

/** Which keys the organisation vouches for, and who waits for that. Times in milliseconds since 1970. */
export class Certificates {
  private readonly store: Pick<Durable, 'accounts' | 'certificates'>;
  private readonly organisation: Organisation;
  private readonly clock: Clock;

  constructor(
    store: Pick<Durable, 'accounts' | 'certificates'>,
    organisation: Organisation,
    clock: Clock
  ) {
    this.store = store;
    this.organisation = organisation;
    this.clock = clock;
  }

  /**
   * The certificate in force for a key. Without one, or when it is about to end, the lead is asked for
   * the next; in a try-out the server signs at once.
   */
  async request(
    { id, role }: Account,
    publicKey: Uint8Array
  ): Promise<{ certificate: StoredCertificate | null; isAsked: boolean }> {
    if (!isCertified(role)) return { certificate: null, isAsked: false };
    const now = this.clock.now();
    const inForce = await this.store.certificates.inForce(id, publicKey, now);
    const isLong = inForce && inForce.expiresAt - now > certificateTerms.renewal;
    if (isLong) return { certificate: inForce, isAsked: false };
    const { issue } = this.organisation;
    if (issue) {
      const bytes = await issue(publicKey, role, now);
      const certificate = await toStored(id, bytes);
      await this.store.certificates.add(certificate);
      return { certificate: { ...certificate, revoked: false }, isAsked: false };
    }
    const isAsked = await this.store.certificates.ask({ id: randomUUID(), account: id, publicKey });
    return { certificate: inForce, isAsked };
  }

  inForce({ id }: Account, publicKey: Uint8Array): Promise<StoredCertificate | null> {
    return this.store.certificates.inForce(id, publicKey, this.clock.now());
  }

  async isAwaited({ id }: Account, publicKey: Uint8Array): Promise<boolean> {
    const requests = await this.store.certificates.requests();
    return requests.some(
      (one) => one.account === id && Buffer.compare(one.publicKey, publicKey) === 0
    );
  }

  /** What the lead is asked to sign. */
  async requests(): Promise<CertificateRequest[]> {
    const found: CertificateRequest[] = [];
    const now = this.clock.now();
    for (const { id, account, publicKey } of await this.store.certificates.requests()) {
      const person = await this.store.accounts.withId(account);
      if (person?.state !== 'active' || !isCertified(person.role)) continue;
      const inForce = await this.store.certificates.inForce(account, publicKey, now);
      found.push({
        id,
        account,
        shownName: person.shownName,
        role: person.role,
        publicKey: toBase64Url(publicKey),
        days: certificateTerms.days,
        isRenewal: inForce !== null
      });
    }
    const service = await this.organisation.serviceKeyToRenew(now);
    if (service)
      found.push({
        id: serviceRequest,
        account: null,
        shownName: this.organisation.name,
        role: 'service',
        publicKey: toBase64Url(service),
        days: certificateTerms.serviceDays,
        isRenewal: true
      });
    return found;
  }

  /** Takes what the lead has signed. @returns whose it is, null for nobody's, or why it is refused */
  async deliver(
    id: string,
    bytes: Uint8Array
  ): Promise<{ account: string | null } | DeliveryRefusal> {
    if (id === serviceRequest) return this.deliverService(bytes);
    const request = (await this.store.certificates.requests()).find((one) => one.id === id);
    const person = request && (await this.store.accounts.withId(request.account));
    if (!request || person?.state !== 'active') return 'unknown-request';
    const refusal = await this.refusalOf(bytes, person.role, request.publicKey);
    if (refusal) return refusal;
    const certificate = await toStored(person.id, bytes);
    const isFirst = await this.store.certificates.deliver(id, certificate);
    return isFirst ? { account: person.id } : 'unknown-request';
  }

  private async deliverService(bytes: Uint8Array): Promise<{ account: null } | DeliveryRefusal> {
    const key = await this.organisation.serviceKeyToRenew(this.clock.now());
    if (!key) return 'unknown-request';
    const refusal = await this.refusalOf(bytes, 'service', key);
    if (refusal) return refusal;
    await this.organisation.renewServiceKey(bytes);
    return { account: null };
  }

  private async refusalOf(
    bytes: Uint8Array,
    role: CertificateRole,
    publicKey: Uint8Array
  ): Promise<DeliveryRefusal | null> {
    await loadSodium();
    const claimed = readCertificate(bytes);
    const now = this.clock.now();
    const ahead = Math.min(Math.max(0, (claimed?.notBefore ?? now) - now), CLOCKS_DIFFER);
    const checked = checkCertificate(bytes, {
      organisationKey: this.organisation.publicKey,
      role,
      now: now + ahead
    });
    if (checked.kind === 'refused') return refusalOf[checked.refusal];
    const isTheirs = Buffer.compare(checked.certificate.publicKey, publicKey) === 0;
    return isTheirs ? null : 'wrong-key';
  }

  /** What the team's list says of one person, out of all certificates and requests. */
  stateOf(all: readonly StoredCertificate[], isAwaited: boolean): Person['certificate'] {
    const now = this.clock.now();
    const state = (one: StoredCertificate): Person['certificate'] => ({
      state: one.revoked
        ? 'revoked'
        : one.expiresAt <= now
          ? 'expired'
          : one.expiresAt - now <= certificateTerms.renewal
            ? 'expiring'
            : 'valid',
      expiresDay: Math.floor(one.expiresAt / DAY),
      serial: one.serial
    });
    const inForce = all.findLast(({ revoked, expiresAt }) => !revoked && expiresAt > now);
    if (inForce) return state(inForce);
    if (isAwaited) return { state: 'awaited', expiresDay: null, serial: null };
    const last = all.at(-1);
    return last ? state(last) : { state: 'none', expiresDay: null, serial: null };
  }
}

async function toStored(
  account: string,
  bytes: Uint8Array
): Promise<Omit<StoredCertificate, 'revoked'>> {
  await loadSodium();
  const certificate = readCertificate(bytes);
  if (!certificate) throw new Error('a certificate of ours cannot be read');
  const { serial, publicKey, expires } = certificate;
  return { serial, account, publicKey, bytes, expiresAt: expires };
}
