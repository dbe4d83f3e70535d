import { createHmac } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Clock } from '#server/clock.ts';
import type { Accounts, StoredAccount } from '#server/store/durable/staff.ts';
import { recoveryHash } from './recovery-codes.ts';

const PERIOD = 30_000;
/** Nobody's, so that names nobody has take the same time. */
const secretOfNobody = new Secret({ size: 20 }).base32;

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, 30 seconds. */
const codes = (secret: string, label = '', issuer = ''): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), label, issuer });

/** The `otpauth:` address that an authenticator app reads from a picture. */
export const totpUri = (secret: string, label: string, issuer: string): string =>
  codes(secret, label, issuer).toString();

/**
 * The secret that an invitation offers: the same each time it is looked at, and known only to who
 * holds the invitation and to this server. Base32 of 20 bytes.
 */
export function totpSecretOf(invitationHash: string, serverSecret: Uint8Array): string {
  const bytes = createHmac('sha256', serverSecret).update(`totp ${invitationHash}`).digest();
  return new Secret({ buffer: Uint8Array.from(bytes.subarray(0, 20)).buffer }).base32;
}

/** The step (half a minute, counted from 1970) a code belongs to, one before or after now; null when wrong. */
export function totpStep(secret: string, code: string, now: number): number | null {
  const isCode = /^[0-9]{6}$/.test(code);
  // What is no code is compared like one: the library throws at other lengths in bytes.
  const token = isCode ? code : '000000';
  const delta = codes(secret).validate({ token, timestamp: now, window: 1 });
  return delta === null || !isCode ? null : Math.floor(now / PERIOD) + delta;
}

export interface SecondFactorParts {
  readonly accounts: Pick<Accounts, 'useTotpStep' | 'useRecoveryCode'>;
  readonly serverSecret: Uint8Array;
  readonly clock: Clock;
}

/**
 * Looks at a one-time code or a recovery code and answers the way to use it up, which is true for one
 * asker only. Looking takes the same time whoever it is for; nothing is written before the way is gone.
 */
export function secondFactor(
  stored: StoredAccount | null,
  code: string | undefined,
  { accounts, serverSecret, clock }: SecondFactorParts
): () => Promise<boolean> {
  const secret = stored?.totpSecret ?? null;
  const typed = (code ?? '').replaceAll(/[\s-]/g, '');
  const step = totpStep(secret ?? secretOfNobody, typed.slice(0, 6), clock.now());
  const hash = recoveryHash(typed, stored?.id ?? 'nobody', serverSecret);
  return async () => {
    if (!stored) return false;
    // Only a try-out has passwords that stand alone.
    if (secret === null && stored.password !== null && typed === '') return true;
    if (typed.length !== 6) return accounts.useRecoveryCode(stored.id, hash);
    return secret !== null && step !== null && (await accounts.useTotpStep(stored.id, step));
  };
}
