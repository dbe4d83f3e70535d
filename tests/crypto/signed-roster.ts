import { keyIdOf } from '#shared/crypto/certificate.ts';
import type { RosterBody } from '#shared/crypto/roster-body.ts';
import {
  openRoster,
  signRoster,
  type Member,
  type Roster,
  type RosterTrust
} from '#shared/crypto/roster.ts';
import { sodium } from '#shared/crypto/sodium.ts';
import { aCounsellorKey, NOW, organisation } from './two-parties.ts';

export const conversation = sodium.randombytes_buf(16);
export const noHash = new Uint8Array(32);

export type Key = Awaited<ReturnType<typeof aCounsellorKey>>;

export const keyIdBehind = (key: Key): Uint8Array => keyIdOf(key.pair.publicKey);

/** Somebody without a certificate. */
export function aMember(role: Exclude<Member['role'], 'counsellor'>, name: string = role): Member {
  return { id: sodium.randombytes_buf(16), role, name, keyId: new Uint8Array(16) };
}

export function aCounsellorMember(key: Key, name = 'Mikkel'): Member {
  return { id: sodium.randombytes_buf(16), role: 'counsellor', name, keyId: keyIdBehind(key) };
}

/** A roster signed with this key: the first of the conversation unless the test says otherwise. */
export function aRoster(
  key: Key,
  members: readonly Member[],
  change: Partial<RosterBody> = {}
): Promise<Uint8Array> {
  const { certificate, sign } = key;
  const first = { conversation, epoch: 1, previous: noHash };
  return signRoster({ ...first, members, certificate, sign, ...change });
}

/** The roster after `before`. */
export function theNext(
  before: Roster,
  key: Key,
  members: readonly Member[] = before.members,
  change: Partial<RosterBody> = {}
): Promise<Uint8Array> {
  return aRoster(key, members, { epoch: before.epoch + 1, previous: before.hash, ...change });
}

export function open(bytes: Uint8Array, change: Partial<RosterTrust> = {}) {
  const organisationKey = organisation.publicKey;
  return openRoster(bytes, { organisationKey, now: NOW, conversation, known: null, ...change });
}

export function accepted(bytes: Uint8Array, change: Partial<RosterTrust> = {}): Roster {
  const opened = open(bytes, change);
  if (opened.kind === 'refused') throw new Error(opened.refusal);
  return opened.roster;
}

export function refusalOf(bytes: Uint8Array, change: Partial<RosterTrust> = {}): string {
  const opened = open(bytes, change);
  return opened.kind === 'refused' ? opened.refusal : 'accepted';
}

/** A counsellor and a young person, and the first roster that both hold. */
export async function twoPeople() {
  const key = await aCounsellorKey();
  const counsellor = aCounsellorMember(key);
  const visitor = aMember('visitor', '');
  const bytes = await aRoster(key, [counsellor, visitor]);
  return { key, counsellor, visitor, bytes, first: accepted(bytes) };
}
