import type { Channel } from '#shared/crypto/channel.ts';
import { sodium } from '#shared/crypto/sodium.ts';
import {
  aCounsellor,
  aGuestWhoAnswers,
  aGuestWhoAsks,
  aVisitor,
  carry,
  securedIn
} from './two-parties.ts';

type Change = { resumeKey?: Uint8Array; invitation?: Uint8Array; room?: Uint8Array };
export type PairKind = Record<'asks' | 'answers', (change: Change) => Promise<Channel>>;

/** Who can be invited by whom: a parent by the link's counsellor, and two guests by each other. */
export const newcomerAndCounsellor: PairKind = { asks: aVisitor, answers: aCounsellor };
export const twoGuests: PairKind = { asks: aGuestWhoAsks, answers: aGuestWhoAnswers };
export const pairKinds: [string, PairKind][] = [
  ['a newcomer and a counsellor', newcomerAndCounsellor],
  ['two guests', twoGuests]
];

export const aKey = () => sodium.randombytes_buf(32);

export async function meet(asking: Channel, answering: Channel) {
  return carry(asking, answering, 'visitor', await asking.start());
}

/** A pair that an invitation of its own has secured. */
export async function anInvitedPair({ asks, answers }: PairKind, change: Change = {}) {
  const { invitation = aKey() } = change;
  const asking = await asks({ ...change, invitation });
  const answering = await answers({ ...change, invitation });
  const { visitor, counsellor, frames } = await meet(asking, answering);
  const [asker, answerer] = [securedIn(visitor), securedIn(counsellor)];
  return { asking, answering, asker, answerer, invitation, frames };
}
