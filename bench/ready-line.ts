import type { AddressInfo } from 'node:net';

/** The one line of JSON by which a contender says that it listens. */
export interface ReadyLine {
  readonly port: number;
  /** The node of each conversation's second party, where there are two. */
  readonly otherPort?: number;
  /** Every node, where they are more than two. */
  readonly ports?: readonly number[];
  /** The Redis of several nodes; one of the processes that are measured. */
  readonly redisPid?: number;
  /** The process to measure, when it is not the one that was started. */
  readonly pid?: number;
  /** Frirum: the two capabilities of each conversation, visitor's first. */
  readonly conversations?: readonly (readonly [string, string])[];
  /** Frirum: the cookie of a signed-in counsellor, when the counsellor's side needs one. */
  readonly cookie?: string;
}

export const sayReady = (address: AddressInfo | string | null): void => {
  if (!address || typeof address === 'string') throw new Error('the server has no port');
  console.log(JSON.stringify({ port: address.port } satisfies ReadyLine));
};
