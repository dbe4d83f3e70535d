/** Keys change with the year. */
export type Epoch = number;

/** The epoch of a moment (milliseconds since 1970): its year, UTC. */
export const epochOf = (now: number): Epoch => new Date(now).getUTCFullYear();

/** A clip counts in the year it was issued and in the next: current first, then previous. */
export const acceptedEpochs = (now: number): readonly [Epoch, Epoch] => [
  epochOf(now),
  epochOf(now) - 1
];

export const isAcceptedEpoch = (epoch: Epoch, now: number): boolean =>
  acceptedEpochs(now).includes(epoch);
