/** Time arrives as an argument, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
}
export const systemClock: Clock = { now: () => Date.now() };
