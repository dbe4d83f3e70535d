/** Milliseconds a counsellor may be out of reach before both have written; then the visitor is back in the queue. */
export const chairMayBeEmpty = 30_000;
/** Milliseconds a counsellor is away, once both have written, before the visitor may ask for another. */
export const mayAskForAnother = 120_000;

export type WaitStep = 'fresh' | 'long' | 'too-long';

/**
 * How a waiting time looks to those who could end it: under five minutes is fresh, from a quarter of an hour
 * on it is too long.
 * @param minutes whole minutes waited
 */
export function waitStep(minutes: number): WaitStep {
  if (minutes < 5) return 'fresh';
  return minutes < 15 ? 'long' : 'too-long';
}
