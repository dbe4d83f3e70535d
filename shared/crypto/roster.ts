import { checkCertificate, type CertificateRefusal } from './certificate.ts';
import type { Sign } from './counsellor-handshake.ts';
import { digest, sameBytes } from './digest.ts';
import { joinBytes, labelled } from './fields.ts';
import { readRosterBody, writeRosterBody, type Member, type RosterBody } from './roster-body.ts';
import { loadSodium, sodium } from './sodium.ts';

export type { Member };

/** Who takes part in a conversation, as a counsellor in it has signed it. */
export type Roster = {
  epoch: number;
  /** 32 bytes: two people who hold the same hash have seen the same rosters, from the first on. */
  hash: Uint8Array;
  members: readonly Member[];
  /** 16 bytes: keyIdOf the signer's certified key. */
  signedBy: Uint8Array;
};

/** What must be remembered of a roster to judge the next. It names nobody, so a page may store it. */
export type KnownRoster = Pick<Roster, 'epoch' | 'hash'> & {
  members: readonly Pick<Member, 'role' | 'keyId'>[];
};

export type RosterRefusal =
  | 'malformed'
  | 'malformed-certificate'
  | Exclude<CertificateRefusal, 'malformed'>
  | 'other-conversation'
  | 'rolled-back'
  | 'forked'
  | 'skipped'
  | 'too-many-members'
  | 'doubled-member'
  | 'no-visitor'
  | 'signer-not-a-member'
  | 'unexpected-signer';

export type OpenedRoster =
  /** `isNew` is false when it is the one that was known. */
  | { kind: 'accepted'; roster: Roster; isNew: boolean }
  | { kind: 'refused'; refusal: RosterRefusal };

export type RosterTrust = {
  /** Ed25519, 32 bytes: built into the client. */
  organisationKey: Uint8Array;
  /** Milliseconds since 1970. */
  now: number;
  /** 32 hexadecimal digits each. */
  revokedSerials?: readonly string[] | undefined;
  /** 16 bytes. */
  conversation: Uint8Array;
  /** The roster that was accepted last; null when this is the first one seen. */
  known: KnownRoster | null;
  /** 16 bytes: who must have signed the first one seen, the counsellor of the session it came in. */
  expectedSigner?: Uint8Array | undefined;
};

export const MOST_MEMBERS = 4;
const SIGNATURE_BYTES = 64;

/**
 * Sign who takes part: the body as writeRosterBody lays it out ‖ Ed25519 signature (RFC 8032, 64 bytes),
 * together at most 718 bytes. `previous` is the hash of the roster before, 32 zeros for the first.
 * Says nothing of whether others will accept it: the signer opens it as they do.
 * @throws SodiumCannotLoad, or when a length or number does not fit
 */
export async function signRoster(order: RosterBody & { sign: Sign }): Promise<Uint8Array> {
  await loadSodium();
  const { sign, ...roster } = order;
  const body = writeRosterBody(roster);
  return joinBytes(body, await sign(signed(body)));
}

/**
 * Decide whether a roster may follow the one that is known (our design, conversation-encryption). Needs
 * loadSodium first. The signer is a certified counsellor and a member of the known roster; of this one
 * when none is known, as for a newcomer, who may come in at any epoch. `bad-signature`: the
 * organisation's under the certificate, or the signer's under the roster.
 *
 * It proves that this counsellor says so, not that the other counsellors in it are who they are: their
 * own certificate does, in the handshake with them.
 */
export function openRoster(bytes: Uint8Array, trust: RosterTrust): OpenedRoster {
  const refused = (refusal: RosterRefusal) => ({ kind: 'refused', refusal }) as const;

  const body = bytes.subarray(0, Math.max(0, bytes.length - SIGNATURE_BYTES));
  const read = readRosterBody(body);
  if (!read) return refused('malformed');

  const checked = checkCertificate(read.certificate, { ...trust, role: 'counsellor' });
  if (checked.kind === 'refused')
    return refused(checked.refusal === 'malformed' ? 'malformed-certificate' : checked.refusal);
  const { keyId, publicKey } = checked.certificate;
  if (!sodium.crypto_sign_verify_detached(bytes.subarray(body.length), signed(body), publicKey))
    return refused('bad-signature');

  if (!sameBytes(read.conversation, trust.conversation)) return refused('other-conversation');
  const wrong = wrongMembers(read.members);
  if (wrong) return refused(wrong);

  const { epoch, members } = read;
  const roster = { epoch, hash: digest('frirum roster hash v1', body), members, signedBy: keyId };
  const { known, expectedSigner } = trust;
  if (!known) {
    if (expectedSigner && !sameBytes(keyId, expectedSigner)) return refused('unexpected-signer');
  } else if (epoch <= known.epoch) {
    if (epoch < known.epoch) return refused('rolled-back');
    return sameBytes(roster.hash, known.hash)
      ? { kind: 'accepted', roster, isNew: false }
      : refused('forked');
  } else {
    if (epoch > known.epoch + 1) return refused('skipped');
    if (!sameBytes(read.previous, known.hash)) return refused('forked');
  }
  if (!isCounsellorAmong(known?.members ?? members, keyId)) return refused('signer-not-a-member');
  return { kind: 'accepted', roster, isNew: true };
}

function wrongMembers(members: readonly Member[]): RosterRefusal | undefined {
  if (members.length > MOST_MEMBERS) return 'too-many-members';
  const visitors = members.filter(({ role }) => role === 'visitor').length;
  if (visitors === 0) return 'no-visitor';
  const isDoubled = members.some((one, at) =>
    members.slice(at + 1).some((other) => isSame(one, other))
  );
  return isDoubled || visitors > 1 ? 'doubled-member' : undefined;
}

function isSame(one: Member, other: Member): boolean {
  if (sameBytes(one.id, other.id)) return true;
  return one.role === 'counsellor' && sameBytes(one.keyId, other.keyId);
}

function isCounsellorAmong(members: KnownRoster['members'], keyId: Uint8Array): boolean {
  return members.some(({ role, keyId: own }) => role === 'counsellor' && sameBytes(own, keyId));
}

function signed(body: Uint8Array): Uint8Array {
  return labelled('frirum roster v1', body);
}
