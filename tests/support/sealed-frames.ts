import { frameKinds } from '#shared/crypto/channel-events.ts';
import { FrameKind, isFrame, messageHeader } from '#shared/wire/frame.ts';

type ChannelKind = keyof typeof frameKinds;

/** What a WebSocket message carries for the other side: HELLO, SEALED …; null when it is not for them. */
export function carried(message: string | Buffer): ChannelKind | null {
  if (typeof message === 'string' || message[0] !== FrameKind.message || !isFrame(message))
    return null;
  const kinds = Object.keys(frameKinds) as ChannelKind[];
  return kinds.find((kind) => frameKinds[kind] === message[messageHeader]) ?? null;
}

/** A copy with one bit of its last byte turned. */
export function withOneBitTurned(message: Buffer): Buffer {
  const copy = Buffer.from(message);
  const last = copy.length - 1;
  copy[last] = (copy[last] ?? 0) ^ 1;
  return copy;
}
