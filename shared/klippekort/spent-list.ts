/** Of a spent clip's name (32 bytes) this many are published: enough to know one's own, too few to be anything else. */
const SHORT = 6;

/** The published list: first 6 bytes of each name, sorted, so that the order says nothing. */
export function writeSpentList(ids: readonly Uint8Array[]): Uint8Array {
  const short = ids
    .map((id) => id.subarray(0, SHORT))
    .toSorted((one, other) => compare(one, other));
  const list = new Uint8Array(short.length * SHORT);
  short.forEach((id, at) => list.set(id, at * SHORT));
  return list;
}

/** Whether a clip's name (32 bytes) is on the list. Looked up on the device: asking the server would be showing it. */
export function isOnSpentList(list: Uint8Array, id: Uint8Array): boolean {
  let [low, high] = [0, Math.floor(list.length / SHORT)];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compare(list.subarray(middle * SHORT, (middle + 1) * SHORT), id);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** By the first 6 bytes. */
function compare(one: Uint8Array, other: Uint8Array): number {
  for (let at = 0; at < SHORT; at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
