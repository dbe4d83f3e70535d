/**
 * Relay frames, all integers big endian:
 * MESSAGE  u8 1 ‖ u32 n ‖ u32 base ‖ sealed bytes   n-th message of its sender; base: the lowest it still holds
 * RECEIVED u8 2 ‖ u32 n                             the receiver has everything up to n
 * STATUS   u8 3 ‖ u32 stored ‖ u32 delivered        what the server and the peer have of the sender's
 * GAP      u8 4 ‖ u32 stored                        the server misses n = stored + 1; send again from there
 * SYNC     u8 5 ‖ u32 expected                      the receiver asks for everything from `expected`
 */
export const FrameKind = { message: 1, received: 2, status: 3, gap: 4, sync: 5 } as const;

export const messageHeader = 9;
/** Longest content of one MESSAGE: the channel's longest frame is 16,418 bytes. */
export const sealedLimit = 16_500;
const lengths: Record<number, number> = { 2: 5, 3: 9, 4: 5, 5: 5 };

/** Highest n: a conversation of 2³¹ messages does not happen. */
const highest = 0x7fff_ffff;

const u32 = (frame: Uint8Array, at: number): number =>
  (((frame[at] ?? 0) << 24) |
    ((frame[at + 1] ?? 0) << 16) |
    ((frame[at + 2] ?? 0) << 8) |
    (frame[at + 3] ?? 0)) >>>
  0;

function write(frame: Uint8Array, at: number, value: number): void {
  frame[at] = value >>> 24;
  frame[at + 1] = value >>> 16;
  frame[at + 2] = value >>> 8;
  frame[at + 3] = value;
}

/** First number of a frame: n, stored or expected. */
export const firstOf = (frame: Uint8Array): number => u32(frame, 1);
/** Second number: base or delivered. */
export const secondOf = (frame: Uint8Array): number => u32(frame, 5);
/** The sealed bytes of a MESSAGE, a view, not a copy. */
export const sealedOf = (frame: Uint8Array): Uint8Array => frame.subarray(messageHeader);

/** Whether a frame has its kind's exact shape and sane numbers. */
export function isFrame(frame: Uint8Array): boolean {
  const kind = frame[0] ?? 0;
  if (kind === FrameKind.message) {
    const n = firstOf(frame);
    const base = secondOf(frame);
    return (
      frame.length > messageHeader &&
      frame.length <= messageHeader + sealedLimit &&
      n >= 1 &&
      n <= highest &&
      base >= 1 &&
      base <= n
    );
  }
  return lengths[kind] === frame.length && firstOf(frame) <= highest;
}

export function messageFrame(n: number, base: number, sealed: Uint8Array): Uint8Array {
  const frame = new Uint8Array(messageHeader + sealed.length);
  frame[0] = FrameKind.message;
  write(frame, 1, n);
  write(frame, 5, base);
  frame.set(sealed, messageHeader);
  return frame;
}

function shortFrame(kind: number, ...numbers: number[]): Uint8Array {
  const frame = new Uint8Array(1 + 4 * numbers.length);
  frame[0] = kind;
  numbers.forEach((number, index) => write(frame, 1 + 4 * index, number));
  return frame;
}
export const receivedFrame = (n: number) => shortFrame(FrameKind.received, n);
export const statusFrame = (stored: number, delivered: number) =>
  shortFrame(FrameKind.status, stored, delivered);
export const gapFrame = (stored: number) => shortFrame(FrameKind.gap, stored);
export const syncFrame = (expected: number) => shortFrame(FrameKind.sync, expected);
