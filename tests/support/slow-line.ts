import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Readable } from 'node:stream';

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
 * A way to a port of this machine as slow as a bad mobile network. Unlike the throttling of developer tools it is
 * one line for everything, workers and sockets too, and a new connection has to be made first.
 */
export class SlowLine {
  private readonly server: Server;
  private readonly open = new Set<Socket>();
  /** When the line is free again, each way (ms). */
  private readonly free = { up: 0, down: 0 };
  private readonly speed: LineSpeed;
  /** How many bytes have come down. */
  received = 0;

  private constructor(port: number, speed: LineSpeed) {
    this.speed = speed;
    this.server = createServer((near) => void this.join(near, port));
  }

  static async before(port: number, speed: LineSpeed): Promise<SlowLine> {
    const line = new SlowLine(port, speed);
    line.server.listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    return line;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }

  private async join(near: Socket, port: number): Promise<void> {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      this.open.add(socket.setNoDelay());
      socket.on('error', () => {});
      socket.on('close', () => {
        this.open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    // The handshake of TCP.
    await pause(this.speed.roundTrip);
    void this.carry(near, far, 'up');
    void this.carry(far, near, 'down');
  }

  private async carry(from: Readable, to: Socket, way: 'up' | 'down'): Promise<void> {
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
