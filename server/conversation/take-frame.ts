import { firstOf, FrameKind, isFrame, secondOf } from '#shared/wire/frame.ts';
import type { Connection } from '#server/wire/connection.ts';

/** The way of every message: limited, checked for its shape, never opened. */
export function takeFrame(from: Connection, frame: Uint8Array): void {
  if (!from.mayPass()) return;
  if (!isFrame(frame)) {
    from.socket.emit('wire:refused', { refusal: 'malformed-frame' });
    return;
  }
  const line = from.line;
  if (!line) {
    from.socket.emit('wire:refused', { refusal: 'not-attached' });
    return;
  }
  switch (frame[0]) {
    case FrameKind.message:
      from.sent(firstOf(frame));
      return line.append(firstOf(frame), secondOf(frame), frame);
    case FrameKind.received:
      return line.received(firstOf(frame));
    case FrameKind.sync:
      return line.sync(firstOf(frame));
  }
}
