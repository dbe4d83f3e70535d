import { openKeys, type Keys, type KeysOptions } from '../keys/keys.ts';
import { organisationKey } from '../keys/organisation-key.ts';
import { revokedSerials } from '../keys/revoked-serials.ts';
import { resumeKeyOf, roomOf, type Kept } from './kept.ts';

type PairRole = NonNullable<Kept['pair']>['role'];

/** What a counsellor proves with who they are. */
export interface CertifiedKey {
  readonly certificate: Uint8Array;
  readonly privateKey: CryptoKey;
}

/**
 * The worker with the keys of one pair.
 * @param role what this side is in the conversation's first pair
 * @param invitation 32 bytes that the other was given as well
 */
export async function openPairKeys(
  kept: Kept,
  role: 'visitor' | 'counsellor',
  invitation?: Uint8Array,
  certified?: CertifiedKey
): Promise<Keys> {
  const proof = { ...proofOf(kept), invitation };
  const opened = await openKeys(optionsOf(kept.pair?.role ?? role, proof, certified));
  if (opened.kind === 'refused') throw new Error(opened.refusal);
  return opened.keys;
}

const proofOf = (kept: Kept) => ({ room: roomOf(kept), resumeKey: resumeKeyOf(kept) });

async function optionsOf(
  role: PairRole,
  proof: ReturnType<typeof proofOf> & { invitation: Uint8Array | undefined },
  certified?: CertifiedKey
): Promise<KeysOptions> {
  if (role === 'visitor') {
    const trust = { organisationKey: organisationKey(), revokedSerials: await revokedSerials() };
    return { role, ...trust, ...proof };
  }
  if (role !== 'counsellor') return { role, ...proof };
  if (!certified) throw new Error('no-certificate');
  return { role, ...proof, ...certified };
}
