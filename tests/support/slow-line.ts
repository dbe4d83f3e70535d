import type { Socket } from 'node:net';

export interface LineSpeed {
  /** Each way, for all connections together. */
  readonly bitsPerSecond: number;
  /** There and back, in milliseconds; a connection takes one such round to come about. */
  readonly roundTrip: number;
}

/** Slow 3G, as Chromium's developer tools had it: what is worse than the worst line of a Danish town. */
export const slow3g: LineSpeed = { bitsPerSecond: 400_000, roundTrip: 400 };

/** At most this many bytes at a time, about what a segment of TCP carries. */
const segment = 1_400;

/**
 * How a bad mobile network carries what is said. Unlike the throttling of developer tools it is
 * one line for everything, workers and sockets too, and a new connection has to be made first.
 */
export class SlowLine {
  /** When the line is free again, each way (ms). */
  private readonly free = { up: 0, down: 0 };
  private readonly speed: LineSpeed;
  /** How many bytes have come down. */
  received = 0;

  constructor(speed: LineSpeed) {
    this.speed = speed;
  }

  /** For a `Passage`. */
  readonly carry = async (near: Socket, far: Socket): Promise<void> => {
    for (const socket of [near, far]) socket.setNoDelay();
    // The handshake of TCP.
    await pause(this.speed.roundTrip);
    void this.pass(near, far, 'up');
    void this.pass(far, near, 'down');
  };

  private async pass(from: Socket, to: Socket, way: 'up' | 'down'): Promise<void> {
    const { bitsPerSecond, roundTrip } = this.speed;
    try {
      for await (const chunk of from as AsyncIterable<Buffer>)
        for (let at = 0; at < chunk.length; at += segment) {
          const part = chunk.subarray(at, at + segment);
          const start = Math.max(performance.now(), this.free[way]);
          const sent = start + (part.length * 8_000) / bitsPerSecond;
          this.free[way] = sent;
          if (way === 'down') this.received += part.length;
          // Whoever sends waits for room on the line, as for a full socket.
          await pause(sent - performance.now());
          setTimeout(() => to.write(part), roundTrip / 2);
        }
    } catch {
      // One side has hung up.
    }
    setTimeout(() => to.end(), roundTrip / 2);
  }
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
