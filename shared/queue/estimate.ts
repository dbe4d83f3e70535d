/** How many of the last openings of the door an estimate looks at, and how old they may be (ms). */
const looksAt = 6;
const oldest = 60 * 60_000;
/** Below this many intervals a guess would not be honest. */
const needs = 3;

/**
 * How long somebody at `place` will wait, from when the door was opened lately.
 * @param openings milliseconds since 1970, oldest first
 * @returns whole minutes, at least 1; null: we do not know
 */
export function estimateWait(
  place: number,
  openings: readonly number[],
  onShift: number,
  now: number
): number | null {
  const recent = openings.filter((at) => now - at <= oldest).slice(-looksAt - 1);
  if (onShift === 0 || recent.length < needs + 1) return null;
  const intervals = recent.slice(1).map((at, index) => at - (recent[index] ?? at));
  const sorted = intervals.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return Math.max(1, Math.ceil((place * median) / 60_000));
}
