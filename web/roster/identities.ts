import type { Member } from '#shared/crypto/roster.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { Pair } from '../conversation/pair.svelte.ts';

/** A counsellor who answers with a certificate has to be the one that the roster names. */
export function isWho(pair: Pair, members: readonly Member[]): boolean {
  const member = members.find(({ id }) => toBase64Url(id) === pair.member);
  if (pair.sealed.kept.pair?.role !== 'visitor' || !member) return true;
  return member.role === 'counsellor' && isKey(pair, member);
}

/**
 * Names the pairs that were there before there was a roster.
 * @param isCounsellor a colleague comes in by a pair that has no certificate at its other end
 */
export function namePairs(
  pairs: readonly Pair[],
  members: readonly Member[],
  me: string | null,
  isCounsellor: boolean
): void {
  for (const pair of pairs) {
    if (pair.member) continue;
    const found = members.find((member) => {
      if (toBase64Url(member.id) === me || member.role !== pair.side) return false;
      return member.role === 'visitor' || isCounsellor || isKey(pair, member);
    });
    if (!found) continue;
    pair.member = toBase64Url(found.id);
    const own = pair.sealed.kept.pair;
    if (own) pair.sealed.remember({ pair: { ...own, member: pair.member } });
  }
}

const isKey = ({ keyId }: Pair, member: Member): boolean =>
  keyId !== null && keyId.every((byte, at) => byte === member.keyId[at]);
